"""POST /api/flows/NAME/preview/: of what is stored and of what is being drawn, whole or with what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from products.models import Application, Product
from promotions.models import Flow, Policy, Release
from tests.api import manifests
from tests.promotions.repos.git_remotes import Remote

pytestmark = pytest.mark.django_db
URL = "/api/flows/to-prod/preview/"
CHART = "appVersion: {}\n"


@pytest.fixture
def remote(trio: Product, tmp_path: Path, settings: Any) -> Remote:
    """trio: dev went from 1.0 over 1.1 to 2.0, qa carries 1.1 and prod 1.0."""
    settings.REPOSITORIES_DIR = tmp_path / "mirrors"
    settings.ALLOW_FILE_REPOSITORIES = True
    remote = Remote(tmp_path / "there")
    remote.outsider_pushes({f"{place}/Chart.yaml": CHART.format("1.0") for place in ("dev", "qa", "prod")})
    remote.outsider_pushes({f"{place}/Chart.yaml": CHART.format("1.1") for place in ("dev", "qa")})
    tip = remote.outsider_pushes({"dev/Chart.yaml": CHART.format("2.0")})
    for row in Application.objects.all():
        row.sources[0]["repoURL"] = remote.url
        row.revisions = [tip]
        row.save()
    template = "versionSource: {file: Chart.yaml, jsonPath: $.appVersion}\n"
    Product.objects.update(
        inline_template=f"{template}promotion: {{Chart.yaml: {{jsonPaths: [$.appVersion]}}}}\n"
    )
    return remote


def preview(client: Client, url: str = URL, **body: object) -> Any:
    return client.post(url, {"product": "trio", **body}, content_type="application/json")


def behind(answer: Any) -> dict[str, int | None]:
    return {env["name"]: env["behind"] for env in answer.json()["environments"]}


def test_a_viewer_sees_how_far_each_environment_is_behind(as_viewer: Client, remote: Remote) -> None:
    answer = preview(as_viewer)
    assert answer.status_code == 200, answer.content
    assert behind(answer) == {"qa": 1, "prod": 2}
    remote.outsider_pushes({"qa/Chart.yaml": CHART.format("2.0"), "prod/Chart.yaml": CHART.format("0.1")})
    assert behind(preview(as_viewer)) == {"qa": 0, "prod": None}


def test_a_viewer_previews_what_is_not_saved(as_viewer: Client, remote: Remote) -> None:
    drawn = manifests.flow().replace("dependsOn: [ qa ]", "dependsOn: [dev]")
    answer = preview(as_viewer, manifest=drawn)
    assert (answer.status_code, answer.json()["waves"]) == (200, [["qa", "prod"]])
    assert answer.json()["planDigest"] not in {None, preview(as_viewer).json()["planDigest"]}
    assert Flow.objects.get().manifest == manifests.flow()


def test_a_flow_that_nobody_saved_is_previewed_under_its_name(as_viewer: Client, remote: Remote) -> None:
    answer = preview(as_viewer, "/api/flows/drawn/preview/", manifest=manifests.flow("drawn"))
    assert (answer.status_code, answer.json()["flow"]) == (200, "drawn")
    assert not Flow.objects.filter(name="drawn").exists()
    assert preview(as_viewer, "/api/flows/drawn/preview/", manifest=None).status_code == 404


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (manifests.flow().replace("dependsOn: [dev]", "dependson: [dev]"), 13, "unknown-field"),
        (manifests.flow(last="nowhere"), 14, "unknown-environment"),
        (manifests.flow().replace("dependsOn: [dev]", "dependsOn: [prod]"), 13, "cycle"),
        (manifests.flow("another"), 5, "another-name"),
        (f"{manifests.flow()}: :\n\tx", 16, "syntax"),
    ],
)
def test_a_text_that_would_not_be_saved_is_422_with_its_lines(
    as_viewer: Client, remote: Remote, text: str, line: int, code: str
) -> None:
    answer = preview(as_viewer, manifest=text)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-manifest")
    assert (line, code) in {(problem["line"], problem["code"]) for problem in answer.json()["problems"]}


@pytest.mark.parametrize("manifest", ["", 7, ["x"], "a\x00b"])
def test_a_text_that_is_none_is_422(as_viewer: Client, remote: Remote, manifest: object) -> None:
    assert preview(as_viewer, manifest=manifest).status_code == 422


def test_a_policy_that_cannot_be_read_is_flagged_and_leaves_nothing_to_trigger(
    as_viewer: Client, remote: Remote
) -> None:
    Policy.objects.create(name="freeze", manifest="kind: PromotionPolicy\n", etag="1")
    body = preview(as_viewer).json()
    assert [problem["code"] for problem in body["problems"]] == ["POLICY_UNREADABLE"]
    assert (body["planDigest"], len(body["environments"])) == (None, 2)


def test_the_digest_of_what_is_not_saved_triggers_nothing(as_promoter: Client, remote: Remote) -> None:
    digest = preview(as_promoter, manifest=f"{manifests.flow()}# one more\n").json()["planDigest"]
    answer = as_promoter.post(
        URL.replace("preview", "trigger"),
        {"product": "trio", "planDigest": digest},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "plan-changed")
    assert not Release.objects.exists()


def test_a_missing_application_is_flagged_where_it_is_missing(as_viewer: Client, remote: Remote) -> None:
    Application.objects.filter(name="trio-prod").delete()
    body = preview(as_viewer).json()
    qa, prod = body["environments"]
    assert (qa["problems"], qa["behind"], len(qa["files"])) == ([], 1, 1)
    assert [problem["code"] for problem in prod["problems"]] == ["MISSING_APPLICATION"]
    assert (prod["applications"], prod["application"], prod["behind"]) == ([], None, None)
    assert body["planDigest"] is None
