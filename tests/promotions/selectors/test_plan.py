"""What may start and what is refused, from rows alone; every reason at once, each naming its environment."""

from __future__ import annotations

import pytest

from environments.errors import NotFound
from environments.models import Environment
from products.models import Application
from promotions.errors import PlanRefused
from promotions.selectors.plan import COMPONENT, Plan, release_plan
from tests.promotions.services.plan_rows import (
    FLOW,
    REPOSITORY,
    SHA,
    application,
    flow_text,
    policy,
    site,
)

pytestmark = pytest.mark.django_db


def plan(**options: str) -> Plan:
    return release_plan(flow_name="fan", product_name="shop", **options)


def refusals(**options: str) -> set[tuple[str, str]]:
    with pytest.raises(PlanRefused) as refused:
        plan(**options)
    assert all(problem.message for problem in refused.value.problems)
    return {(problem.code, problem.environment) for problem in refused.value.problems}


def source(path: str, **columns: str) -> list[dict[str, str]]:
    return [{"repoURL": REPOSITORY, "path": path, "targetRevision": "main", **columns}]


def test_a_plan_names_each_environment_with_wave_target_and_policy() -> None:
    site()
    found = plan()
    assert [(env.name, env.role, env.wave) for env in found.environments] == [
        ("dev", "TRIGGER", 0), ("qa", "TARGET", 1), ("prod", "TARGET", 2), ("prod-eu", "TARGET", 2),
    ]  # fmt: skip
    assert found.source_revision == SHA
    assert found.environments[1].policy["action"].origin.kind == "flow"
    assert found.environments[2].policy["action"].origin.kind == "default"


def test_unknown_names_are_not_found() -> None:
    site()
    with pytest.raises(NotFound, match="no product nowhere"):
        release_plan(flow_name="fan", product_name="nowhere")
    with pytest.raises(NotFound):
        release_plan(flow_name="nowhere", product_name="shop")


def test_every_environment_without_an_application_is_named() -> None:
    site()
    Application.objects.filter(environment__name__in=["qa", "prod-eu"]).update(environment=None)
    assert refusals() == {("MISSING_APPLICATION", "qa"), ("MISSING_APPLICATION", "prod-eu")}


def test_an_application_that_its_runtime_no_longer_reports_is_missing() -> None:
    from django.utils import timezone

    site()
    Application.objects.filter(name="shop-qa").update(missing_since=timezone.now())
    assert refusals() == {("MISSING_APPLICATION", "qa")}


def test_environments_that_do_not_exist_are_named() -> None:
    site()
    Environment.objects.filter(name="qa").update(name="staging")
    assert ("UNKNOWN_ENVIRONMENT", "qa") in refusals()


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ("", {("CHOOSE_APPLICATION", "dev")}),
        ("nowhere", {("UNKNOWN_APPLICATION", "dev")}),
        ("shop-qa", {("UNKNOWN_APPLICATION", "dev")}),
    ],
)
def test_one_of_several_sources_must_be_chosen(chosen: str, expected: set[tuple[str, str]]) -> None:
    application(site(), "dev", name="worker")
    assert refusals(**({"application": chosen} if chosen else {})) == expected


def test_several_sources_are_paired_with_their_targets_by_component() -> None:
    product = site()
    for environment in ("dev", "qa", "prod"):
        application(product, environment, name=f"worker-{environment}", annotations={COMPONENT: "worker"})
    assert refusals(application="worker-dev") == {("MISSING_APPLICATION", "prod-eu")}
    application(product, "prod-eu", name="worker-eu", annotations={COMPONENT: "worker"})
    found = plan(application="local/argocd/worker-dev")
    assert [[app.row.name for app in env.applications] for env in found.environments] == [
        ["worker-dev"], ["worker-qa"], ["worker-prod"], ["worker-eu"],
    ]  # fmt: skip
    # One without the annotation has no partner.
    assert {code for code, _ in refusals(application="shop-dev")} == {"MISSING_APPLICATION"}


def test_with_one_source_every_target_application_gets_its_change() -> None:
    application(site(), "qa", name="worker-qa")
    assert [app.row.name for app in plan().environments[1].applications] == ["shop-qa", "worker-qa"]


def test_no_application_of_the_product_in_the_trigger_environment() -> None:
    site()
    Application.objects.filter(name="shop-dev").delete()
    assert refusals() == {("NO_SOURCE", "dev")}
    # Whoever has to add one learns at once where others are missing.
    Application.objects.filter(name="shop-prod").delete()
    assert refusals() == {("NO_SOURCE", "dev"), ("MISSING_APPLICATION", "prod")}


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [{"repoURL": "https://charts", "chart": "nginx", "targetRevision": "1"}],
        source("a") + source("b"),
    ],
)
def test_an_application_without_exactly_one_git_source_is_refused(sources: list[dict[str, str]]) -> None:
    site()
    Application.objects.filter(name="shop-qa").update(sources=sources)
    assert refusals() == {("NOT_ONE_SOURCE", "qa")}


@pytest.mark.parametrize("revisions", [[], [""]])
def test_a_source_whose_commit_the_runtime_does_not_know_yet_is_refused(revisions: list[str]) -> None:
    site()
    Application.objects.filter(name="shop-dev").update(revisions=revisions)
    assert refusals() == {("NO_REVISION", "")}
    assert plan(source_revision="b" * 40).source_revision == "b" * 40


@pytest.mark.parametrize("wrong", ["main", "HEAD~1", "abc", "--upload-pack=x", "b" * 41, f"{SHA}^{{/fix}}"])
def test_a_source_revision_is_a_commit_and_nothing_else(wrong: str) -> None:
    site()
    assert refusals(source_revision=wrong) == {("NO_REVISION", "")}


@pytest.mark.parametrize(("written", "meant"), [(".", ""), ("./apps/x/", "apps/x"), ("/apps//x", "apps/x")])
def test_paths_are_read_as_argo_cd_reads_them(written: str, meant: str) -> None:
    site()
    Application.objects.filter(name="shop-dev").update(sources=source(written))
    found = refusals() if meant == "" else plan().source.target.path
    assert found == ({("SHARED_FILES", name) for name in ("qa", "prod", "prod-eu")} if meant == "" else meant)


def test_an_absent_target_revision_is_head() -> None:
    site()
    Application.objects.filter(name="shop-qa").update(
        sources=[{"repoURL": REPOSITORY, "path": "apps/shop-qa", "targetRevision": ""}]
    )
    assert plan().environments[1].applications[0].target.branch == "HEAD"


@pytest.mark.parametrize(
    ("name", "path", "expected"),
    [
        ("shop-qa", "apps/shop-dev", {("SHARED_FILES", "qa")}),  # the source itself
        ("shop-qa", "apps/shop-dev/sub", {("SHARED_FILES", "qa")}),
        ("shop-prod", "apps/shop-qa", {("SHARED_FILES", "prod")}),  # qa goes first, prod would change with it
        ("shop-prod", "apps/shop-qa-two", set()),  # a name that begins alike is another directory
        ("shop-prod-eu", "apps/shop-prod", set()),  # start together and get identical bytes
        ("shop-prod-eu", "apps/shop-prod/eu", {("SHARED_FILES", "prod-eu")}),
    ],
)
def test_files_that_environments_share(name: str, path: str, expected: set[tuple[str, str]]) -> None:
    site()
    Application.objects.filter(name=name).update(sources=source(path))
    if expected:
        assert refusals() == expected
    else:
        plan()


@pytest.mark.parametrize(
    ("path", "environment", "is_shared"),
    [
        ("apps/shop-qa", "prod", True),
        ("apps/shop-qa/charts", "prod", True),
        ("apps/shop-qa", "qa", False),  # of the same environment
        ("apps", "prod", False),  # an app of apps
        ("apps/shop-qa-two", "prod", False),
    ],
)
def test_files_that_an_application_outside_the_release_reads(
    path: str, environment: str, is_shared: bool
) -> None:
    site()
    application(None, environment, name="stranger", path=path)
    if is_shared:
        assert refusals() == {("SHARED_FILES", "qa")}
    else:
        plan()


def test_another_branch_or_repository_is_not_shared() -> None:
    site()
    application(None, "prod", name="one", sources=source("apps/shop-qa", targetRevision="v2"))
    application(None, "prod", name="two", sources=source("apps/shop-qa", repoURL="https://git.example/x"))
    plan()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("policy: {action: commit}", "policy: {action: pr}", {("ACTION_UNAVAILABLE", "qa")}),
        ("policy: {action: commit}", "policy: {preAction: smoke}", {("WORKFLOWS_UNAVAILABLE", "qa")}),
        ("policy: {action: commit}", "hooks: {onFail: page}", {("WORKFLOWS_UNAVAILABLE", "qa")}),
        ("triggerEnvironment: dev", "triggerEnvironment: dev\n  postTrigger: smoke", {("WORKFLOWS_UNAVAILABLE", "")}),
        ("triggerEnvironment: dev", "triggerEnvironment: dev\n  onFailure: revert", {("REVERT_UNAVAILABLE", "")}),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_refused_and_never_skipped(
    old: str, new: str, expected: set[tuple[str, str]]
) -> None:
    site()
    assert old in FLOW
    flow_text(FLOW.replace(old, new))
    assert refusals() == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "policy: {action: commit}",
            "hooks: {onFail: page, onStart: ask}",
            "qa names workflows, which this version cannot run. To trigger the flow, take out "
            'hooks.onStart ("Environment hooks: On start") and hooks.onFail ("Environment hooks: On fail").',
        ),
        (
            "policy: {action: commit}",
            "policy: {preAction: smoke}",
            "qa names workflows, which this version cannot run. To trigger the flow, take out "
            'preAction ("Pre-action").',
        ),
        (
            "policy: {action: commit}",
            "policy: {action: pr}",
            'qa asks for action: pr ("Pull request"); this version promotes by commits alone. '
            'To trigger the flow, choose commit ("Commit").',
        ),
        (
            "triggerEnvironment: dev",
            "triggerEnvironment: dev\n  postTrigger: smoke\n  hooks: {onSuccess: tell}",
            'This version cannot run workflows. To trigger the flow, take out postTrigger ("Validate with") '
            'and hooks.onSuccess ("Flow hooks: On success").',
        ),
        (
            "triggerEnvironment: dev",
            "triggerEnvironment: dev\n  onFailure: revert",
            'This version cannot run onFailure: revert ("Put everything back"). To trigger the flow, set "When an '
            'environment fails" to "Finish what runs" (continue) or "Cancel what runs" (halt).',
        ),
    ],
)
def test_what_cannot_be_run_is_named_as_in_the_yaml_and_on_the_form_and_nothing_else_is(
    old: str, new: str, message: str
) -> None:
    site()
    flow_text(FLOW.replace(old, new))
    with pytest.raises(PlanRefused) as refused:
        plan()
    assert [problem.message for problem in refused.value.problems] == [message]


def test_policies_supply_what_the_flow_leaves_open() -> None:
    site()
    policy("weak", "{priority: 20, policy: {action: commit}}")
    policy(
        "strong", "{priority: 5, selector: {targetEnvironment: {types: [PROD]}}, policy: {action: commit}}"
    )
    found = {env.name: env.policy.get("action") for env in plan().environments[1:]}
    origins = {name: setting.origin for name, setting in found.items() if setting}
    assert (origins["qa"].kind, origins["qa"].name) == ("flow", "")
    assert (origins["prod"].name, origins["prod"].priority, origins["prod"].wins_over) == (
        "strong", 5, ("weak",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("selector", "environments"),
    [
        ("{product: {names: [shop]}}", {"prod", "prod-eu"}),
        ("{product: {names: [pay]}}", set()),
        ("{product: {tags: [team-a]}}", {"prod", "prod-eu"}),
        ("{targetEnvironment: {tags: [prod-eu, x]}}", {"prod-eu"}),
        ("{product: {tags: [team-a]}, targetEnvironment: {names: [prod]}}", {"prod"}),
        ("{product: {tags: [team-b]}, targetEnvironment: {names: [prod]}}", set()),
        ("{product: {names: []}}", {"prod", "prod-eu"}),
    ],
)
def test_a_policy_counts_where_all_of_its_criteria_hold(selector: str, environments: set[str]) -> None:
    site()
    policy("pull", f"{{priority: 1, selector: {selector}, policy: {{action: pr}}}}")
    if environments:
        assert refusals() == {("ACTION_UNAVAILABLE", name) for name in environments}
    else:
        plan()


def test_the_queries_of_a_plan_do_not_grow_with_applications(django_assert_max_num_queries: object) -> None:
    product = site()
    for number in range(20):
        application(product, "prod", name=f"extra-{number}")
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        plan()
