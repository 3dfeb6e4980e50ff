"""The preview against a real remote: exact diffs, downgrades, problems by environment, and the digest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from products.models import Application, Product
from promotions.errors import PlanChanged, PlanRefused
from promotions.selectors.preview import release_preview
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
