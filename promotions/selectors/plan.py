"""What a release of a flow would do, from rows alone: shared by the preview and the trigger. Never writes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from environments.errors import NotFound
from environments.models import Environment
from products.models import Application, Product
from promotions.engine.graph import waves
from promotions.engine.policy import Place, Setting, resolve
from promotions.engine.shared_paths import SharedPaths
from promotions.errors import ManifestUnreadable, PlanProblem, PlanRefused
from promotions.manifests import FlowSpec, flow_spec
from promotions.models import Flow
from promotions.selectors.flows import flow_get
from promotions.selectors.policies import policies_read, settings_of
from promotions.selectors.stored import stored_document
from promotions.selectors.templates import ChosenTemplate, template_for
from promotions.selectors.unsupported import unsupported_in_flow, unsupported_in_policy
from promotions.steps.freeze import directory_name

COMPONENT = "lockstep.dev/component"
_SHA = re.compile(r"[0-9a-fA-F]{7,40}")


@dataclass(frozen=True)
class GitTarget:
    """Where an application's files are: what a promotion reads or writes."""

    repository: str
    branch: str
    path: str


@dataclass(frozen=True)
class PlannedApplication:
    row: Application
    target: GitTarget


@dataclass(frozen=True)
class PlannedEnvironment:
    name: str
    kind: str
    role: str  # TRIGGER | TARGET
    depends_on: tuple[str, ...]
    wave: int
    policy: Mapping[str, Setting]
    applications: tuple[PlannedApplication, ...]


@dataclass(frozen=True)
class Plan:
    flow: Flow
    spec: FlowSpec
    product: Product
    source: PlannedApplication
    source_revision: str
    template: ChosenTemplate
    environments: tuple[PlannedEnvironment, ...]  # the trigger first, then in the flow's order


@dataclass(frozen=True)
class PlanDraft:
    """A plan as far as it can be made; `problems` is what the trigger would refuse it for.

    `source` and `template` are None where the trigger environment has nothing to promote, `source_revision`
    is "" where its runtime reports no commit.
    """

    flow: Flow
    spec: FlowSpec
    product: Product
    source: PlannedApplication | None
    source_revision: str
    template: ChosenTemplate | None
    environments: tuple[PlannedEnvironment, ...]  # the trigger first, then in the flow's order
    problems: tuple[PlanProblem, ...]


def release_plan(
    *, flow_name: str, product_name: str, application: str | None = None, source_revision: str | None = None
) -> Plan:
    """The plan; PlanRefused with every problem at once, NotFound for an unknown flow or product.

    `application` is an identity ("runtime/namespace/name") or a name that is unique in the trigger
    environment; it may be left out where the trigger environment holds one application of the product.
    """
    draft = plan_draft(
        flow=flow_get(flow_name),
        product_name=product_name,
        application=application,
        source_revision=source_revision,
    )
    if draft.problems or draft.source is None or draft.template is None:
        raise PlanRefused(draft.problems)
    return Plan(
        draft.flow, draft.spec, draft.product, draft.source, draft.source_revision, draft.template,
        draft.environments,
    )  # fmt: skip


def plan_draft(
    *, flow: Flow, product_name: str, application: str | None = None, source_revision: str | None = None
) -> PlanDraft:
    """The plan with its problems, of a flow that need not be stored.

    NotFound for an unknown product. PlanRefused where nothing is there to plan with: an environment that
    does not exist, an application that is to be chosen, a revision that is none, a flow or template that
    cannot be read.
    """
    try:
        spec = flow_spec(stored_document(flow, "PromotionFlow"))
    except ManifestUnreadable as error:
        raise PlanRefused([PlanProblem("FLOW_UNREADABLE", str(error))]) from error
    product = Product.objects.select_related("template").filter(name=product_name).first()
    if product is None:
        raise NotFound(f"There is no product {product_name}.")
    environments = {row.name: row for row in Environment.objects.filter(name__in=spec.environments)}
    problems = list(unsupported_in_flow(spec))
    refused = [
        PlanProblem("UNKNOWN_ENVIRONMENT", f"The environment {name} does not exist. Create it first.", name)
        for name in spec.environments
        if name not in environments
    ]
    rows = _applications(product)
    in_trigger = rows.get(spec.trigger_environment, [])
    chosen = _chosen(spec.trigger_environment, in_trigger, product, application, refused)
    if refused:
        raise PlanRefused([*problems, *refused])
    source = None
    if chosen is None:
        message = f"{product.name} has no application in {spec.trigger_environment}, where the flow starts. "
        problems.append(PlanProblem("NO_SOURCE", f"{message}Assign one to it.", spec.trigger_environment))
    else:
        source = _planned(chosen, spec.trigger_environment, problems)
    revision = _revision(source, source_revision, problems) if source else ""
    planned = _environments(spec, product, environments, rows, source, problems)
    if source is not None:
        _refuse_shared_files(planned, source, problems)
        _refuse_foreign_files(planned, source, problems)
    template = _template(product, source, problems) if source else None
    return PlanDraft(flow, spec, product, source, revision, template, tuple(planned), tuple(problems))


def _template(
    product: Product, source: PlannedApplication, problems: Sequence[PlanProblem]
) -> ChosenTemplate:
    try:
        return template_for(product, source.row.labels)
    except ManifestUnreadable as error:
        raise PlanRefused([*problems, PlanProblem("TEMPLATE_UNREADABLE", str(error))]) from error


def _applications(product: Product) -> dict[str, list[Application]]:
    """Environment name -> the product's applications there."""
    found: dict[str, list[Application]] = {}
    rows = Application.objects.filter(product=product, missing_since=None, environment__isnull=False)
    for row in rows.select_related("environment", "runtime").order_by("name"):
        assert row.environment is not None
        found.setdefault(row.environment.name, []).append(row)
    return found


def _chosen(
    trigger: str,
    rows: Sequence[Application],
    product: Product,
    chosen: str | None,
    refused: list[PlanProblem],
) -> Application | None:
    """The application to promote; None where there is none, or where `refused` says why it cannot be told."""
    if chosen and rows:
        matching = [row for row in rows if chosen in {row.identity, row.name}]
        if len(matching) == 1:
            return matching[0]
        names = ", ".join(row.identity for row in rows)
        message = f"{chosen} is not one application of {product.name} in {trigger}. Choose one of: {names}."
        refused.append(PlanProblem("UNKNOWN_APPLICATION", message, trigger))
        return None
    if len(rows) > 1:
        names = ", ".join(row.name for row in rows)
        message = f"{trigger} holds {len(rows)} applications of {product.name}: choose one of {names}."
        refused.append(PlanProblem("CHOOSE_APPLICATION", message, trigger))
        return None
    return rows[0] if rows else None


def _planned(row: Application, environment: str, problems: list[PlanProblem]) -> PlannedApplication | None:
    sources = [source for source in row.sources if source.get("path") and not source.get("chart")]
    if len(sources) != 1:
        count = "no Git source with a path" if not sources else f"{len(sources)} Git sources with paths"
        message = f"{row.name} has {count}; this version promotes applications with exactly one."
        problems.append(PlanProblem("NOT_ONE_SOURCE", message, environment))
        return None
    source = sources[0]
    branch, path = source.get("targetRevision") or "HEAD", directory_name(source["path"])
    target = GitTarget(source["repoURL"], branch, path)
    return PlannedApplication(row, target)


def _revision(source: PlannedApplication, wanted: str | None, problems: list[PlanProblem]) -> str:
    if not wanted:
        return _reported_revision(source, problems)
    if _SHA.fullmatch(wanted) is None:
        message = f"{wanted[:60]!r} is no commit: give its SHA, at least 7 digits of it."
        raise PlanRefused([*problems, PlanProblem("NO_REVISION", message)])
    return wanted.lower()


def _reported_revision(source: PlannedApplication, problems: list[PlanProblem]) -> str:
    """The commit that the runtime reports for the source's Git source."""
    row = source.row
    for entry, revision in zip(row.sources, row.revisions, strict=False):
        is_path = bool(entry.get("path")) and directory_name(entry["path"]) == source.target.path
        if entry["repoURL"] == source.target.repository and is_path and revision:
            return str(revision)
    message = (
        f"The runtime {row.runtime.name} reports no commit for {row.name} yet. Refresh it, then try again."
    )
    problems.append(PlanProblem("NO_REVISION", message))
    return ""


def _environments(
    spec: FlowSpec,
    product: Product,
    environments: Mapping[str, Environment],
    rows: Mapping[str, list[Application]],
    source: PlannedApplication | None,
    problems: list[PlanProblem],
) -> list[PlannedEnvironment]:
    depends_on = {step.environment: step.depends_on for step in spec.steps}
    wave_of = {n: i for i, names in enumerate(waves(spec.trigger_environment, depends_on)) for n in names}
    trigger = environments[spec.trigger_environment]
    sources = () if source is None else (source,)
    planned = [PlannedEnvironment(trigger.name, trigger.kind, "TRIGGER", (), 0, {}, sources)]
    policies = policies_read()
    problems.extend(policies.problems())
    component = _component(rows.get(trigger.name, []), source.row) if source else None
    for step in spec.steps:
        row = environments[step.environment]
        place = Place(product.name, product.tags, row.name, row.kind, row.tags)
        policy = resolve(settings_of(step.policy), policies.readable, place, inline_lines=step.policy_lines)
        problems.extend(policies.problems_at(place))
        problems.extend(unsupported_in_policy(row.name, policy))
        targets = _targets(row.name, rows.get(row.name, []), product, component, problems)
        planned.append(
            PlannedEnvironment(
                row.name, row.kind, "TARGET", step.depends_on, wave_of[row.name], policy, targets
            )
        )
    return planned


def _component(in_trigger: Sequence[Application], source: Application) -> str | None:
    """None where the trigger environment holds one application: then every target gets its change."""
    return source.annotations.get(COMPONENT, "") if len(in_trigger) > 1 else None


def _targets(
    environment: str,
    rows: Sequence[Application],
    product: Product,
    component: str | None,
    problems: list[PlanProblem],
) -> tuple[PlannedApplication, ...]:
    wanted = [
        row
        for row in rows
        if component is None or (component and row.annotations.get(COMPONENT) == component)
    ]
    if not wanted:
        message = (
            f"{product.name} has no application in {environment}. Add one there, or take it out of the flow."
        )
        if component is not None and rows:
            label = component or "(none)"
            message = (
                f"No application of {product.name} in {environment} carries the annotation {COMPONENT}: {label} of "
                "the chosen application. Annotate its partner."
            )
        problems.append(PlanProblem("MISSING_APPLICATION", message, environment))
    planned = [_planned(row, environment, problems) for row in wanted]
    return tuple(application for application in planned if application is not None)


def _refuse_shared_files(
    planned: Sequence[PlannedEnvironment], source: PlannedApplication, problems: list[PlanProblem]
) -> None:
    """A directory that another environment reads too may change only if both start together."""
    seen: list[tuple[PlannedEnvironment, PlannedApplication]] = []
    paths = SharedPaths()
    for env in planned[1:]:
        for application in env.applications:
            target = application.target
            if _overlaps(target, source.target):
                message = f"{application.row.name} reads the files that {source.row.name} is promoted from."
                problems.append(
                    PlanProblem("SHARED_FILES", f"{message} Give it a path of its own.", env.name)
                )
            for number in paths.add((target.repository, target.branch), target.path, env.depends_on):
                other_env, other = seen[number]
                if other_env.name != env.name:
                    message = f"{application.row.name} and {other.row.name} of {other_env.name} read the same files."
                    problems.append(
                        PlanProblem("SHARED_FILES", f"{message} Give each a path of its own.", env.name)
                    )
            seen.append((env, application))


def _refuse_foreign_files(
    planned: Sequence[PlannedEnvironment], source: PlannedApplication, problems: list[PlanProblem]
) -> None:
    """Nor may a directory change that an application reads which is no part of this release.

    One that reads a directory further up is let be: an app of apps does so, and reads none of our files.
    """
    ours = {source.row.pk} | {app.row.pk for env in planned for app in env.applications}
    rows = Application.objects.filter(missing_since=None, environment__isnull=False).exclude(pk__in=ours)
    readers: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for name, environment, sources in rows.values_list("name", "environment__name", "sources").order_by("pk"):
        for entry in sources:
            if entry.get("path") and not entry.get("chart"):
                key = (entry["repoURL"], entry.get("targetRevision") or "HEAD")
                readers.setdefault(key, []).append((f"{directory_name(entry['path'])}/", name, environment))
    for env in planned[1:]:
        for application in env.applications:
            target = application.target
            for directory, name, environment in readers.get((target.repository, target.branch), ()):
                if environment != env.name and directory.startswith(f"{target.path}/"):
                    message = f"{application.row.name} and {name} of {environment} read the same files."
                    problems.append(
                        PlanProblem("SHARED_FILES", f"{message} Give each a path of its own.", env.name)
                    )


def _overlaps(one: GitTarget, other: GitTarget) -> bool:
    if (one.repository, one.branch) != (other.repository, other.branch):
        return False
    if not one.path or not other.path:
        return True  # the repository's root holds everything
    first, second = f"{one.path}/", f"{other.path}/"
    return first.startswith(second) or second.startswith(first)
