"""The demo: what the quick start takes for granted is there, once, and nothing of it is overwritten."""

from __future__ import annotations

import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Role, User
from environments.models import Cluster, Environment
from environments.selectors import environment_get
from environments.services import environment_create
from products.models import Application, Product
from products.services import applications_import
from promotions.models import Flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(tmp_path: Path, settings: Any) -> Path:
    """The demo's repository after the first set-up."""
    settings.DATA_DIR = tmp_path
    settings.ALLOW_FILE_REPOSITORIES = False
    call_command("demo_setup", stdout=StringIO())
    return tmp_path / "git" / "demo.git"


def git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_a_newer_version_waits_in_dev(demo: Path) -> None:
    rows = Application.objects.select_related("environment", "product")
    assert [(str(r.environment), r.name, r.version, r.sync_status, r.health_status) for r in rows] == [
        ("dev", "demo-trioapp-dev", "v1.184.7", "Synced", "Healthy"),
        ("prod", "demo-trioapp-prod", "v1.184.6", "Synced", "Healthy"),
        ("qa", "demo-trioapp-qa", "v1.184.6", "Synced", "Healthy"),
    ]
    assert {r.product.name for r in rows if r.product} == {"demo-trioapp"}
    dev = rows.get(name="demo-trioapp-dev")
    assert [(w["name"], w["ready"]) for w in dev.resources] == [
        ("buslog", "2/2"),
        ("ctrlr", "3/3"),
        ("flask-ui", "3/3"),
    ]
    assert (dev.commit_author, dev.commit_message) == ("dev-bot", "Update Chart.yaml to v1.184.7")
    assert dev.health_changed_at and dev.health_changed_at < timezone.now()


def test_places_product_and_flow(demo: Path) -> None:
    assert [(e.name, e.kind) for e in Environment.objects.all()] == [
        ("dev", "NON_PROD"),
        ("qa", "NON_PROD"),
        ("prod", "PROD"),
    ]
    assert sorted(Cluster.objects.values_list("name", flat=True)) == ["asia-1", "eu-1", "in-cluster"]
    product = Product.objects.get()
    assert product.template is not None and product.template.name == "trioapp"
    assert product.flows == [{"name": "multi-env-sequential-promotion"}]
    assert [f.name for f in Flow.objects.all()] == ["multi-env-sequential-promotion"]


def test_the_repository_only_grows_and_shows_its_pushes(demo: Path) -> None:
    assert git(demo, "config", "core.logAllRefUpdates") == "true"
    assert git(demo, "config", "receive.denyNonFastForwards") == "true"
    assert not (demo / "hooks").exists()
    assert git(demo, "fsck", "--strict") == ""
    files = git(demo, "ls-tree", "-r", "--name-only", "main").splitlines()
    assert "demo-applications/trioapp-prod-eu/values.yaml" in files
    assert "demo-applications/trioapp-prod-asia/Chart.yaml" in files
    assert not [f for f in files if f.startswith("argocd-app-manifests/") and ("eu" in f or "asia" in f)]


def test_a_second_set_up_leaves_what_people_changed(demo: Path) -> None:
    tip = git(demo, "rev-parse", "main")
    Flow.objects.all().delete()
    Environment.objects.filter(name="qa").delete()
    out = StringIO()
    call_command("demo_setup", stdout=out)
    assert "already" in out.getvalue()
    assert (git(demo, "rev-parse", "main"), Flow.objects.count(), Environment.objects.count()) == (tip, 0, 2)


def test_the_manifests_of_the_quick_start_bring_in_the_regions(demo: Path) -> None:
    user = User.objects.create_user("re", role=Role.PROMOTER)
    for region in ("eu", "asia"):
        environment_create(
            user=user,
            name=f"prod-{region}",
            kind="PROD",
            targets=[{"cluster": f"{region}-1", "namespaces": [f"demo-trioapp-prod-{region}"]}],
        )
        example = project.BASE_DIR / f"examples/quick-start/applications/trio-prod-{region}.yaml"
        applications_import(user=user, text=example.read_bytes())
        row = environment_get(f"prod-{region}").applications.get()
        assert (row.name, row.product and row.product.name) == (f"demo-trioapp-{region}", "demo-trioapp")
        assert row.operation["phase"] == "Running"


@pytest.mark.parametrize("name", ["multi-env-sequential-promotion", "multi-env-parallel-promotion"])
def test_the_flows_of_the_quick_start_are_valid(name: str) -> None:
    from promotions.manifests import parse_one, validate_flow

    text = (project.BASE_DIR / f"examples/quick-start/flows/{name}.yaml").read_text()
    document = parse_one(text, "PromotionFlow")
    known = {"dev", "qa", "prod", "prod-eu", "prod-asia"}
    assert (document.name, validate_flow(document, known_environments=known)) == (name, [])
