"""POST /api/apply/ and `manage.py apply`: many manifests, all or none, repeatable."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from environments.runtimes.base import ApplicationKey, ManifestChange
from products.models import Product, PromotionTemplate
from promotions.models import Flow, Policy, Workflow
from promotions.services import apply as apply_module
from tests.api import manifests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("environments")]
YAML = "application/yaml"
# The product stands before what it refers to, on purpose.
EVERY_KIND = "---\n".join(
    [
        manifests.product(template_ref="image-tag", flows=("to-prod",)),
        manifests.flow(),
        manifests.policy(),
        manifests.template(),
        manifests.workflow(),
    ]
)
APPLICATION = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: trio-dev, namespace: argocd}
spec:
  project: default
  source: {repoURL: "https://git.example/trio.git", path: dev, targetRevision: main}
  destination: {name: in-cluster, namespace: trio-dev}
"""


def apply(client: Client, text: str, query: str = ""):
    return client.post(f"/api/apply/{query}", text, content_type=YAML)


def outcomes(answer) -> dict[str, str]:
    assert answer.status_code == 200, answer.content
    return {row["kind"]: row["outcome"] for row in answer.json()["results"]}


def test_every_kind_is_taken_and_a_second_time_changes_nothing(as_admin: Client) -> None:
    assert set(outcomes(apply(as_admin, EVERY_KIND)).values()) == {"created"}
    product = Product.objects.get()
    assert product.template == PromotionTemplate.objects.get()
    assert product.flows == [{"name": "to-prod"}]
    assert product.manifest == manifests.product(template_ref="image-tag", flows=("to-prod",))
    assert Flow.objects.get().manifest == manifests.flow()
    assert PromotionTemplate.objects.get().priority == 7
    assert (Policy.objects.count(), Workflow.objects.count()) == (1, 1)
    assert set(outcomes(apply(as_admin, EVERY_KIND)).values()) == {"unchanged"}


def test_what_differs_is_changed(as_admin: Client) -> None:
    apply(as_admin, EVERY_KIND)
    told = outcomes(
        apply(as_admin, EVERY_KIND.replace("# kept", "# Kept").replace("priority: 7", "priority: 8"))
    )
    assert told["PromotionFlow"] == told["PromotionTemplate"] == "changed"
    assert told["Product"] == told["PromotionPolicy"] == "unchanged"
    assert PromotionTemplate.objects.get().priority == 8


def test_a_dry_run_tells_and_changes_nothing(as_admin: Client) -> None:
    told = outcomes(apply(as_admin, f"{EVERY_KIND}---\n{APPLICATION}", "?dryRun=true"))
    assert told.pop("Application") == "checked"
    assert set(told.values()) == {"created"}
    assert not Flow.objects.exists()
    assert not Product.objects.exists()


def test_one_error_refuses_all_and_says_its_line_in_the_whole_text(as_admin: Client) -> None:
    text = f"{manifests.policy()}---\n{manifests.flow(last='prd')}"
    answer = apply(as_admin, text)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert text.splitlines()[problem["line"] - 1].strip().startswith("-   environment: prd")
    assert problem["suggestion"] == "prod"
    assert not Policy.objects.exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (f"{manifests.policy()}---\n{manifests.policy()}", "twice"),
        (manifests.product(template_ref="nowhere"), "unknown-template"),
        ("kind: Deployment\n", "unknown-kind"),
        ("a: [", None),
    ],
)
def test_what_cannot_be_applied_is_422(as_admin: Client, text: str, code: str | None) -> None:
    answer = apply(as_admin, text)
    assert answer.status_code == 422, answer.content
    assert code is None or code in {problem["code"] for problem in answer.json()["problems"]}
    assert not Policy.objects.exists()


def test_a_promoter_applies_flows_but_no_policies(as_promoter: Client, as_viewer: Client) -> None:
    assert apply(as_promoter, manifests.flow()).status_code == 200
    assert apply(as_promoter, f"{manifests.flow('other')}---\n{manifests.policy()}").status_code == 403
    assert [flow.name for flow in Flow.objects.all()] == ["to-prod"]
    assert apply(as_viewer, manifests.flow()).status_code == 403


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Texts that went to the runtime's Git Source, instead of going there."""
    texts: list[str] = []

    def keep(*, text: str, user: User) -> list[ManifestChange]:
        texts.append(text)
        return [ManifestChange(ApplicationKey("argocd", "trio-dev"), "trio-dev.yaml", "created")]

    monkeypatch.setattr(apply_module, "applications_import", keep)
    return texts


def test_application_manifests_go_to_the_runtime_in_one_text(as_admin: Client, imported: list[str]) -> None:
    other = APPLICATION.replace("trio-dev", "trio-qa")
    told = apply(as_admin, f"{APPLICATION}---\n{manifests.policy()}---\n{other}").json()["results"]
    assert [(row["name"], row["outcome"]) for row in told] == [
        ("by-commit", "created"),
        ("trio-dev", "created"),
        ("trio-qa", "unchanged"),
    ]
    assert imported == [f"---\n{APPLICATION}---\n{other}"]


def test_nothing_goes_to_the_runtime_when_another_document_is_wrong(
    as_admin: Client, imported: list[str]
) -> None:
    assert apply(as_admin, f"{APPLICATION}---\n{manifests.flow(last='prd')}").status_code == 422
    assert imported == []


def test_nothing_is_stored_when_the_runtime_refuses(as_admin: Client) -> None:
    answer = apply(as_admin, f"{APPLICATION}---\n{manifests.policy()}")
    assert answer.status_code == 409, answer.content  # no runtime takes manifests here
    assert not Policy.objects.exists()


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("apply", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_takes_a_directory_and_reports(administrator: User, tmp_path: Path) -> None:
    (tmp_path / "b-flow.yaml").write_text(manifests.flow())
    (tmp_path / "a-product.yml").write_text(manifests.product(flows=("to-prod",)))
    (tmp_path / "notes.txt").write_text("no manifest")
    for directory, text in {"below": manifests.flow("below"), ".git": "kind: Nothing"}.items():
        (tmp_path / directory).mkdir()
        (tmp_path / directory / "x.yaml").write_text(text)
    assert command("-f", str(tmp_path)) == (
        "PromotionFlow/to-prod created\nPromotionFlow/below created\nProduct/trio created\n"
    )
    assert command("-f", str(tmp_path)).count("unchanged") == 3
    assert {flow.updated_by for flow in Flow.objects.all()} == {"ada"}


def test_the_command_names_file_line_and_column(administrator: User, tmp_path: Path) -> None:
    file = tmp_path / "flow.yaml"
    file.write_text(manifests.flow(last="prd"))
    with pytest.raises(CommandError, match=rf"{file}:14:\d+: error: .*Did you mean"):
        command("-f", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        command("-f", str(tmp_path / "nothing.yaml"))


def test_the_command_needs_somebody_to_apply_as(tmp_path: Path, db: None) -> None:
    (tmp_path / "flow.yaml").write_text(manifests.flow())
    with pytest.raises(CommandError, match="no administrator"):
        command("-f", str(tmp_path))
