"""The preview against a real remote: exact diffs, downgrades, problems by environment, and the digest."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from products.models import Application, Product
from promotions.errors import PlanChanged, PlanRefused
from promotions.models import Flow, Release
from promotions.selectors import preview as preview_module
from promotions.selectors.preview import release_preview
from promotions.services.document_save import Expectation
from promotions.services.flow_save import flow_draft, flow_save
from promotions.services.release_start import release_start
from tests.promotions.repos.git_remotes import Remote
from tests.promotions.services.demo_world import Outbox, outbox
from tests.promotions.services.light_rows import promoter
from tests.promotions.services.plan_rows import FLOW, NAMES, flow_text, policy, site

__all__ = ["outbox"]
pytestmark = pytest.mark.django_db
CHART = "name: shop # ours\nappVersion: {}\n"
TEMPLATE = """\
versionSource: {file: Chart.yaml, jsonPath: $.appVersion}
promotion:
  Chart.yaml: {jsonPaths: [$.appVersion, $.nowhere]}
  gone.yaml: {jsonPaths: ["*"]}
"""


@pytest.fixture
def remote(tmp_path: Path, settings: Any) -> Remote:
    """shop at 2.0 in dev and 1.0 elsewhere, with a template."""
    settings.REPOSITORIES_DIR = tmp_path / "mirrors"
    settings.ALLOW_FILE_REPOSITORIES = True
    remote = Remote(tmp_path / "there")
    versions = {name: "2.0" if name == "dev" else "1.0" for name in NAMES}
    site()
    Product.objects.update(inline_template=TEMPLATE)
    tip = remote.outsider_pushes(
        {f"apps/shop-{name}/Chart.yaml": CHART.format(version) for name, version in versions.items()}
    )
    for row in Application.objects.all():
        row.sources[0]["repoURL"] = remote.url
        row.revisions = [tip]
        row.save()
    return remote


def preview(**options: Any) -> dict[str, Any]:
    return release_preview(flow_name="fan", product_name="shop", **options)


def environment(name: str, **options: Any) -> dict[str, Any]:
    return next(env for env in preview(**options)["environments"] if env["name"] == name)


def test_each_environment_shows_versions_and_the_exact_diff(remote: Remote) -> None:
    seen = preview()
    assert seen["source"]["version"] == "2.0"
    assert seen["waves"] == [["qa"], ["prod", "prod-eu"]]
    qa = seen["environments"][0]
    assert (qa["versionFrom"], qa["versionTo"], qa["downgrade"], qa["problems"]) == ("1.0", "2.0", False, [])
    [file] = qa["files"]
    assert (file["path"], file["added"], file["removed"]) == ("apps/shop-qa/Chart.yaml", 1, 1)
    texts = [(line["kind"], line["text"]) for line in file["hunks"][0]["lines"] if line["kind"] != "context"]
    assert texts == [("removed", "appVersion: 1.0"), ("added", "appVersion: 2.0")]
    assert qa["applications"][0]["skipped"] == ["gone.yaml", "Chart.yaml $.nowhere"]
    assert qa["policy"]["preAction"] is None


def test_a_setting_of_the_flow_names_its_own_line(remote: Remote) -> None:
    inline = "{environment: qa, dependsOn: [dev], policy: {action: commit}}"
    lines = "environment: qa\n      dependsOn: [dev]\n      policy:\n        # by hand\n        action: pr"
    text = FLOW.replace(inline, lines)
    origin = environment("qa", draft=draft(text))["policy"]["action"]["origin"]
    assert (origin["kind"], text.splitlines()[origin["line"] - 1].strip()) == ("flow", "action: pr")


def test_what_is_there_already_shows_no_files(remote: Remote) -> None:
    remote.outsider_pushes({"apps/shop-qa/Chart.yaml": CHART.format("2.0")})
    assert environment("qa")["files"] == []


def test_a_downgrade_is_flagged(remote: Remote) -> None:
    remote.outsider_pushes({"apps/shop-qa/Chart.yaml": CHART.format("10.0")})
    assert environment("qa")["downgrade"] is True
    assert environment("prod")["downgrade"] is False


def test_an_older_source_revision_is_previewed_as_of_then(remote: Remote) -> None:
    older = remote.outsider_pushes({"apps/shop-dev/Chart.yaml": CHART.format("0.9")})
    remote.outsider_pushes({"apps/shop-dev/Chart.yaml": CHART.format("3.0")})
    seen = environment("qa", source_revision=older[:12])
    assert (seen["versionTo"], seen["downgrade"]) == ("0.9", True)


@pytest.mark.parametrize("content", ["{{ helm }}\n", "- list\n"])
def test_a_file_that_cannot_be_edited_is_a_problem_of_its_environment_alone(
    remote: Remote, content: str
) -> None:
    remote.outsider_pushes({"apps/shop-qa/Chart.yaml": content})
    seen = preview()
    assert [bool(env["problems"]) for env in seen["environments"]] == [True, False, False]
    assert seen["environments"][0]["problems"][0]["environment"] == "qa"


def test_a_branch_that_is_none_is_a_problem_of_its_environment(remote: Remote) -> None:
    row = Application.objects.get(name="shop-qa")
    row.sources[0]["targetRevision"] = "v1.0"
    row.save()
    [problem] = environment("qa")["problems"]
    assert problem["code"] == "NO_BRANCH"


@pytest.mark.parametrize(
    ("template", "revision", "code"),
    [
        ("promotion: {gone.yaml: {jsonPaths: ['*']}}\n", None, "NOTHING_TO_PROMOTE"),
        (TEMPLATE, "b" * 40, "SOURCE_GONE"),
    ],
)
def test_a_source_that_cannot_be_promoted_refuses_the_whole(
    remote: Remote, template: str, revision: str | None, code: str
) -> None:
    Product.objects.update(inline_template=template)
    with pytest.raises(PlanRefused) as refused:
        preview(source_revision=revision)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_a_repository_that_is_not_there_is_said(remote: Remote) -> None:
    remote.path.rename(remote.path.with_name("moved.git"))
    with pytest.raises(PlanRefused) as refused:
        preview()
    assert [problem.code for problem in refused.value.problems] == ["GIT"]


def test_a_repository_that_does_not_answer_is_named_before_a_page_gives_up(
    remote: Remote, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.GIT_TIMEOUT_SECONDS = 60.0
    assert preview_module.ASK_SECONDS < 30
    monkeypatch.setattr(preview_module, "ASK_SECONDS", 5.0)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/app.git"
        for row in Application.objects.exclude(environment__name="dev"):
            row.sources[0]["repoURL"] = url
            row.save()
        with pytest.raises(PlanRefused) as refused:
            preview()
    [problem] = refused.value.problems
    assert problem.code == "GIT"
    assert problem.message.startswith(f"{url} did not finish git ls-remote within 5.0 seconds")


def test_an_environment_without_an_application_leaves_the_others_their_facts(remote: Remote) -> None:
    Application.objects.filter(name="shop-prod").update(environment=None)
    seen = preview()
    shown = {env["name"]: env for env in seen["environments"]}
    assert [problem["code"] for problem in shown["prod"]["problems"]] == ["MISSING_APPLICATION"]
    facts = {name: (env["versionFrom"], env["behind"], len(env["files"])) for name, env in shown.items()}
    assert facts == {"qa": ("1.0", None, 1), "prod": (None, None, 0), "prod-eu": ("1.0", None, 1)}
    assert shown["prod"]["policy"]["action"]["value"] == "commit"
    assert (seen["planDigest"], seen["problems"], shown["qa"]["problems"]) == (None, [], [])


def test_without_anything_to_promote_the_policies_are_still_shown(remote: Remote) -> None:
    Application.objects.filter(name__in=["shop-dev", "shop-qa"]).update(environment=None)
    seen = preview()
    assert [problem["code"] for problem in seen["problems"]] == ["NO_SOURCE"]
    assert (seen["source"], seen["template"], seen["planDigest"]) == (None, None, None)
    qa, prod, _ = seen["environments"]
    assert [problem["code"] for problem in qa["problems"]] == ["MISSING_APPLICATION"]
    assert (prod["versionFrom"], prod["versionTo"], prod["files"], prod["behind"]) == ("1.0", None, [], None)
    assert prod["policy"]["action"]["origin"]["kind"] == "default"


def test_a_commit_that_the_runtime_does_not_report_yet_is_no_reason_to_show_nothing(remote: Remote) -> None:
    Application.objects.filter(name="shop-dev").update(revisions=[])
    seen = preview()
    assert [problem["code"] for problem in seen["problems"]] == ["NO_REVISION"]
    assert (seen["source"], seen["planDigest"]) == (None, None)


def test_what_this_version_cannot_run_is_a_problem_of_its_environment(remote: Remote) -> None:
    flow_text(FLOW.replace("policy: {action: commit}", "policy: {action: pr}"))
    seen = preview()
    assert [problem["code"] for problem in seen["environments"][0]["problems"]] == ["ACTION_UNAVAILABLE"]
    assert (seen["planDigest"], len(seen["environments"][0]["files"])) == (None, 1)


def draft(text: str) -> Flow:
    return flow_draft(name="fan", text=text)


def test_a_draft_is_previewed_instead_of_what_is_saved(remote: Remote) -> None:
    flow_save(user=promoter(), name="fan", text=FLOW, expected=Expectation(overwrite=True))
    saved = preview()
    without = FLOW.replace("    - {environment: prod-eu, dependsOn: [qa]}\n", "")
    shorter = preview(draft=draft(without))
    assert [env["name"] for env in shorter["environments"]] == ["qa", "prod"]
    assert shorter["planDigest"] not in {None, saved["planDigest"]}
    assert preview(draft=draft(FLOW))["planDigest"] == saved["planDigest"]
    assert Flow.objects.get(name="fan").manifest == FLOW


def test_the_digest_of_a_draft_does_not_trigger_what_is_saved(remote: Remote, outbox: Outbox) -> None:
    """The same environments with the same changes, and yet another text: a comment is enough."""
    seen = preview(draft=draft(f"{FLOW}# drawn, not saved\n"))
    assert seen["planDigest"] is not None
    with pytest.raises(PlanChanged):
        release_start(user=promoter(), flow_name="fan", product_name="shop", plan_digest=seen["planDigest"])
    assert not Release.objects.exists()


def test_a_draft_of_a_flow_that_nobody_saved_is_previewed(remote: Remote) -> None:
    Flow.objects.all().delete()
    seen = preview(draft=draft(FLOW))
    assert [env["name"] for env in seen["environments"]] == ["qa", "prod", "prod-eu"]


def test_the_digest_stays_while_nothing_that_decides_what_is_written_changes(remote: Remote) -> None:
    before = preview()["planDigest"]
    remote.outsider_pushes({"README.md": "somebody else's"})
    assert preview()["planDigest"] == before


@pytest.mark.parametrize("what", ["target", "source", "flow", "policy", "template"])
def test_the_digest_changes_with_all_that_decides_what_is_written(
    remote: Remote, outbox: Outbox, what: str
) -> None:
    before = preview()["planDigest"]
    if what == "target":
        remote.outsider_pushes({"apps/shop-prod/Chart.yaml": CHART.format("1.5")})
    elif what == "source":
        tip = remote.outsider_pushes({"apps/shop-dev/Chart.yaml": CHART.format("2.1")})
        Application.objects.filter(name="shop-dev").update(revisions=[tip])
    elif what == "flow":
        flow_text(
            FLOW.replace(
                "dependsOn: [qa]}\n    - {environment: prod-eu",
                "dependsOn: [dev]}\n    - {environment: prod-eu",
            )
        )
    elif what == "policy":
        policy("supplies", "{priority: 1, policy: {action: commit}}")
    else:
        Product.objects.update(inline_template=TEMPLATE.replace("$.nowhere", "$.name"))
    assert preview()["planDigest"] != before
    with pytest.raises(PlanChanged):
        release_start(user=promoter(), flow_name="fan", product_name="shop", plan_digest=before)


def test_the_digest_of_now_starts_a_release_that_freezes_what_was_seen(
    remote: Remote, outbox: Outbox
) -> None:
    seen = preview()
    release = release_start(
        user=promoter(), flow_name="fan", product_name="shop", plan_digest=seen["planDigest"], message="Why"
    )
    assert (release.status, release.number, release.note) == ("QUEUED", 1, "Why")
    assert release.source_revision == seen["source"]["revision"]
    assert release.template["promotion"]["gone.yaml"] == ["*"]
    rows = release.environments.values_list("name", "role", "depends_on")
    assert list(rows) == [
        ("dev", "TRIGGER", []), ("qa", "TARGET", ["dev"]), ("prod", "TARGET", ["qa"]), ("prod-eu", "TARGET", ["qa"]),
    ]  # fmt: skip
    assert {step.kind for step in release.steps.filter(environment__role="TRIGGER")} == {
        "freeze",
        "await_sync",
    }
