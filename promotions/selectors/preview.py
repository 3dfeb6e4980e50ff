"""What a release would write, exactly, before anything runs. Reads rows and Git; never writes either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from environments.repositories import RepositoryRefused
from promotions.errors import PlanProblem, PlanRefused
from promotions.mirrors import FetchedMirrors
from promotions.models import Flow
from promotions.properties import PropertyError
from promotions.repos import GitError
from promotions.selectors.behind import TriggerHistory
from promotions.selectors.flows import flow_get
from promotions.selectors.plan import (
    GitTarget,
    Plan,
    PlanDraft,
    PlannedApplication,
    PlannedEnvironment,
    plan_draft,
)
from promotions.selectors.target_change import SourceContent
from promotions.selectors.versions import is_downgrade
from promotions.steps.change import promotion_from_json
from promotions.steps.freeze import Source, SourceUnusable, source_read

# What each Git remote has to tell its branches: the first that does not ends the preview, for which a page waits
# 30 seconds.
ASK_SECONDS = 10.0


def release_preview(
    *,
    flow_name: str,
    product_name: str,
    application: str | None = None,
    source_revision: str | None = None,
    draft: Flow | None = None,
) -> dict[str, Any]:
    """The plan with every diff, how far each environment is behind, and `planDigest`.

    `draft` is what is previewed instead of the stored flow. What the trigger would refuse stands in
    `problems` (those that one environment is to blame for in its own), and then there is no `planDigest`.
    Raises NotFound, and PlanRefused where there is nothing to show (Git's troubles too).
    """
    plan = plan_draft(
        flow=draft or flow_get(flow_name),
        product_name=product_name,
        application=application,
        source_revision=source_revision,
    )
    with _opened(plan) as preview:
        return preview.as_json()


def preview_digest(plan: Plan) -> str | None:
    """The `planDigest` that a preview of the plan would give now. Raises PlanRefused."""
    with _opened(PlanDraft(**vars(plan), problems=())) as preview:
        return preview.digest()


@contextmanager
def _opened(plan: PlanDraft) -> Iterator[_Preview]:
    try:
        with ExitStack() as stack:
            yield _Preview(plan, stack)
    except (GitError, RepositoryRefused) as error:
        raise PlanRefused([PlanProblem("GIT", str(error))]) from error
    except SourceUnusable as error:
        raise PlanRefused([PlanProblem(error.reason, str(error))]) from error
    except PropertyError as error:
        raise PlanRefused([PlanProblem("CANNOT_READ_SOURCE", str(error))]) from error


class _Preview:
    """One preview: each repository is opened and fetched once."""

    def __init__(self, plan: PlanDraft, stack: ExitStack) -> None:
        self.plan = plan
        self.template = plan.template.frozen if plan.template else {}
        self.promotion = promotion_from_json(self.template)
        targets = [app.target for env in plan.environments for app in env.applications]
        self.git = FetchedMirrors(
            stack,
            ((target.repository, target.branch) for target in targets),
            ask_timeout=ASK_SECONDS,
        )
        self.source = self._source()
        self.content = self.source and SourceContent(self.source.files, self.template)
        self.environments = [self._environment(env) for env in plan.environments if env.role == "TARGET"]

    def as_json(self) -> dict[str, Any]:
        plan, source = self.plan, self.source
        waves: dict[int, list[str]] = {}
        for env in plan.environments[1:]:
            waves.setdefault(env.wave, []).append(env.name)
        behind = self._behind()
        return {
            "flow": plan.flow.name,
            "product": plan.product.name,
            "planDigest": self.digest(),
            "source": plan.source
            and source
            and {
                "application": plan.source.row.identity,
                "environment": plan.spec.trigger_environment,
                "revision": source.revision,
                "commit": source.commit,
                "version": source.version,
                "message": source.message,
                "author": source.author,
                "date": source.committed_at.isoformat(),
            },
            "template": plan.template and plan.template.as_json(),
            "waves": [waves[index] for index in sorted(waves)],
            "problems": self._problems_of(""),
            "environments": [{**env, "behind": behind[env["name"]]} for env in self.environments],
        }

    def digest(self) -> str | None:
        """Changes with anything that decides what is written: flow, source, policies, diffs."""
        plan = self.plan
        if plan.problems or self.source is None or plan.template is None:
            return None
        parts = {
            "flow": plan.flow.etag,
            "source": self.source.revision,
            "environments": self.environments,
            "template": plan.template.as_json(),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()

    def _source(self) -> Source | None:
        plan = self.plan
        if plan.source is None or not plan.source_revision:
            return None
        target = plan.source.target
        return source_read(
            self.git.mirror(target.repository),
            branch=target.branch,
            tip=self._tip(target),
            path=target.path,
            revision=plan.source_revision,
            template=self.template,
        )

    def _tip(self, target: GitTarget) -> str | None:
        return self.git.tip(target.repository, target.branch)

    def _behind(self) -> dict[str, int | None]:
        """Environment -> how far it is behind the trigger side's newest commit: its application that is furthest."""
        plan = self.plan
        targets = {env.name: [app.target for app in env.applications] for env in plan.environments[1:]}
        if plan.source is None or self.source is None:
            return dict.fromkeys(targets)
        start = plan.source.target
        mirror = self.git.mirror(start.repository)
        # A tag has no tip: then it is what the runtime reports that the environments are behind.
        history = TriggerHistory(mirror, self._tip(start) or self.source.revision, start.path, self.promotion)
        found: dict[str, int | None] = {}
        for name, there in targets.items():
            counts = [
                history.behind(self.git.mirror(target.repository), tip, target.path) if tip else None
                for target in there
                for tip in (self._tip(target),)
            ]
            known = [count for count in counts if count is not None]
            found[name] = max(known) if known and len(known) == len(counts) else None
        return found

    def _problems_of(self, environment: str) -> list[dict[str, Any]]:
        """The plan's problems that this environment is to blame for; "" gives those of no step's environment."""
        steps = {env.name for env in self.plan.environments if env.role == "TARGET"}
        return [
            problem.as_json()
            for problem in self.plan.problems
            if (problem.environment if problem.environment in steps else "") == environment
        ]

    def _environment(self, env: PlannedEnvironment) -> dict[str, Any]:
        applications = [self._application(env, application) for application in env.applications]
        first = applications[0] if applications else {"name": None, "versionFrom": None, "versionTo": None}
        template = self.plan.template
        problems = [problem for item in applications for problem in item["problems"]]
        return {
            "name": env.name,
            "kind": env.kind,
            "role": env.role,
            "wave": env.wave,
            "dependsOn": list(env.depends_on),
            "policy": {name: env.policy[name].as_json() if name in env.policy else None for name in _POLICY},
            "template": template and {"name": template.name, "origin": template.origin},
            "application": first["name"],
            "versionFrom": first["versionFrom"],
            "versionTo": first["versionTo"],
            "downgrade": any(item["downgrade"] for item in applications),
            "files": [file for item in applications for file in item["files"]],
            "problems": [*self._problems_of(env.name), *problems],
            "applications": applications,
        }

    def _application(self, env: PlannedEnvironment, planned: PlannedApplication) -> dict[str, Any]:
        target, source = planned.target, self.source
        version_to = source.version if source else None
        shown: dict[str, Any] = {
            "name": planned.row.name,
            "identity": planned.row.identity,
            "versionFrom": planned.row.version,
            "versionTo": version_to,
            "downgrade": is_downgrade(planned.row.version, version_to or ""),
            "files": [],
            "skipped": [],
            "problems": [],
        }
        if source is None or self.content is None:
            return shown
        tip = self._tip(target)
        if tip is None:
            message = f"{target.repository} has no branch {target.branch}; promotions write to branches."
            shown["problems"] = [PlanProblem("NO_BRANCH", message, env.name).as_json()]
            return shown
        change = self.content.change(self.git.mirror(target.repository), tip, target.path)
        version = change.version or planned.row.version
        shown |= {"versionFrom": version, "downgrade": is_downgrade(version, source.version)}
        if change.problem:
            shown["problems"] = [PlanProblem("CANNOT_EDIT", change.problem, env.name).as_json()]
        shown["skipped"] = list(change.skipped)
        shown["files"] = list(change.files)
        return shown


_POLICY = ("action", "preAction", "postAction")
