"""Products by hand: who may change them, what is refused, what the pages read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.permissions import NotAllowed
from environments.errors import Conflict, Invalid, NotFound
from environments.models import Environment, Runtime
from environments.runtimes.base import RuntimeRefused
from environments.runtimes.local.models import LocalApplication
from feeds.models import Event
from products.models import Application, Product, PromotionTemplate
from products.selectors import (
    application_get,
    applications_list,
    product_get,
    product_versions,
    products_list,
)
from products.services import (
    application_assign,
    application_refresh,
    application_sync,
    application_unassign,
    applications_import,
    product_create,
    product_delete,
    product_flows_set,
    product_update,
)
from promotions.models import Release
from tests.environments.bare_repository import BareRepository, chart, manifest

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(db: None) -> User:
    return User.objects.create_user("vera", role=Role.VIEWER)


@pytest.fixture
def promoter(db: None) -> User:
    return User.objects.create_user("paul", role=Role.PROMOTER)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("ada", role=Role.ADMINISTRATOR)


@pytest.fixture
def repository(tmp_path: Path, settings: Any) -> BareRepository:
    settings.DATA_DIR = tmp_path
    return BareRepository(tmp_path)


@pytest.fixture
def local(repository: BareRepository) -> Runtime:
    """A local runtime with one application that waits for a sync by hand."""
    repository.commit({"manifests/web/application.yaml": manifest(automated=False), **chart()})
    return Runtime.objects.create(name="local", git_source_url=repository.url, git_source_path="manifests")


def application(name: str = "web", **columns: Any) -> Application:
    runtime, _ = Runtime.objects.get_or_create(name="local")
    return Application.objects.create(
        runtime=runtime, namespace="argocd", name=name, destination_cluster="in-cluster", **columns
    )


# ---- products ----


def test_a_product_is_created_and_changed(promoter: User) -> None:
    template = PromotionTemplate.objects.create(name="chart", manifest="x", etag="y")
    product_create(user=promoter, name="shop", description="Sells", concurrency="terminate")
    changed = product_update(
        user=promoter, name="shop", labels={"team": "blue"}, template="chart", tags=["a"]
    )
    product = product_get("shop")
    assert product == changed
    assert (product.description, product.concurrency, product.labels) == (
        "Sells",
        "terminate",
        {"team": "blue"},
    )
    assert (product.template, product.tags) == (template, ["a"])
    assert Event.objects.filter(feed__key="product:shop", kind="product.changed").count() == 2


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"name": "Shop"}, "name"),
        ({"name": "x" * 64}, "name"),
        ({"concurrency": "parallel"}, "concurrency"),
        ({"description": "x" * 501}, "description"),
        ({"labels": {"a": 1}}, "labels"),
        ({"labels": ["a"]}, "labels"),
        ({"tags": "a"}, "tags"),
        ({"template": "none"}, "template"),
        ({"release_counter": 3}, "release_counter"),
    ],
)
def test_wrong_values_are_named_by_field(promoter: User, columns: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        product_create(user=promoter, **{"name": "shop", **columns})
    assert set(caught.value.problems) == {field}
    assert not Product.objects.exists()


def test_a_change_drops_a_manifest_that_would_say_otherwise(promoter: User) -> None:
    Product.objects.create(name="shop", manifest="kind: Product", etag="e", description="Sells")
    product_update(user=promoter, name="shop", tags=["a"], description="Sells")
    assert product_get("shop").manifest == "kind: Product"
    product_update(user=promoter, name="shop", concurrency="terminate")
    assert (product_get("shop").manifest, product_get("shop").etag) == ("", "")


def test_flows_keep_their_order(promoter: User) -> None:
    product_create(user=promoter, name="shop")
    flows = [{"name": "b", "gitTriggerSelectors": []}, {"name": "a"}]
    product_flows_set(user=promoter, name="shop", flows=flows)
    assert product_get("shop").flows == flows
    for wrong in ([{"name": "a"}, {"name": "a"}], [{}], [{"name": ""}]):
        with pytest.raises(Invalid):
            product_flows_set(user=promoter, name="shop", flows=wrong)


def test_a_product_with_releases_cannot_be_deleted(administrator: User) -> None:
    product = product_create(user=administrator, name="shop")
    row = application(product=product, assigned_by_hand=True)
    release = Release.objects.create(
        product=product,
        number=1,
        flow_name="f",
        flow_manifest="",
        initiator="ada",
        source_application="a",
        source_repository="r",
        source_branch="main",
        source_revision="f" * 40,
        created_at="2030-01-01T00:00:00Z",
    )
    with pytest.raises(Conflict, match="has releases"):
        product_delete(user=administrator, name="shop")
    row.refresh_from_db()
    assert row.assigned_by_hand
    release.delete()
    product_delete(user=administrator, name="shop")
    row.refresh_from_db()
    assert (row.product, row.assigned_by_hand) == (None, False)
    with pytest.raises(NotFound):
        product_get("shop")


def test_names_are_taken_once_and_must_exist(promoter: User) -> None:
    product_create(user=promoter, name="shop")
    with pytest.raises(Conflict, match="shop already"):
        product_create(user=promoter, name="shop")
    with pytest.raises(NotFound):
        product_update(user=promoter, name="none", description="")
    with pytest.raises(NotFound):
        application_get("local", "argocd", "none")


def test_assigning_tells_both_products(promoter: User) -> None:
    one, two = Product.objects.create(name="one"), Product.objects.create(name="two")
    row = application(product=one, described="x")
    application_assign(user=promoter, application=row, product=two)
    row.refresh_from_db()
    assert (row.product, row.assigned_by_hand, row.described) == (two, True, "")
    told = Event.objects.filter(kind="application.changed").values_list("feed__key", flat=True)
    assert sorted(told) == ["board", "product:one", "product:two"]
    application_unassign(user=promoter, application=row)
    row.refresh_from_db()
    assert (row.product, row.assigned_by_hand) == (None, False)


def test_roles(viewer: User, promoter: User) -> None:
    shop, row = Product.objects.create(name="shop"), application()
    for call in (
        lambda: product_create(user=viewer, name="x"),
        lambda: product_update(user=viewer, name="shop"),
        lambda: product_flows_set(user=viewer, name="shop", flows=[]),
        lambda: product_delete(user=promoter, name="shop"),
        lambda: product_update(user=promoter, name="shop", restricted_to=["local"]),
        lambda: application_assign(user=viewer, application=row, product=shop),
        lambda: application_unassign(user=viewer, application=row),
        lambda: application_sync(user=viewer, application=row),
        lambda: applications_import(user=viewer, text=""),
    ):
        with pytest.raises(NotAllowed, match="You need the role"):
            call()
    assert product_get("shop").restricted_to == []


# ---- reads ----


def test_versions_per_environment_in_the_boards_order(db: None) -> None:
    dev = Environment.objects.create(name="dev", position=1)
    prod = Environment.objects.create(name="prod", kind="PROD", position=0)
    product = Product.objects.create(name="shop")
    application("a", product=product, environment=dev, version="v2")
    application("b", product=product, environment=dev, version="v1")
    application("c", product=product, environment=prod)
    application("d", product=product)
    found = [(v.environment, v.kind, v.versions) for v in product_versions(product_get("shop"))]
    assert found == [("prod", "PROD", ()), ("dev", "NON_PROD", ("v1", "v2"))]


def test_lists_do_not_ask_more_for_more_rows(db: None) -> None:
    environment = Environment.objects.create(name="dev")
    counts = []
    for number in range(2):
        for more in range(3):
            product = Product.objects.create(name=f"p{number}{more}")
            for name in ("x", "y"):
                application(f"{product.name}{name}", product=product, environment=environment)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for product in products_list():
                product_versions(product)
            for row in applications_list():
                assert row.identity and row.product and row.environment
        counts.append(len(queries))
    assert counts == [3, 3]


def test_applications_are_filtered(db: None) -> None:
    dev, shop = Environment.objects.create(name="dev"), Product.objects.create(name="shop")
    application("a", product=shop, environment=dev, health_status="Healthy", sync_status="Synced")
    application("b", health_status="Degraded", sync_status="OutOfSync")

    def names(**filters: Any) -> list[str]:
        return [row.name for row in applications_list(**filters)]

    assert names() == ["a", "b"]
    assert names(product="shop") == names(environment="dev") == names(health=["Healthy"]) == ["a"]
    assert names(sync=["OutOfSync"]) == names(health=["Degraded"], sync=["OutOfSync"]) == ["b"]
    assert names(health=["Degraded", "Healthy"]) == ["a", "b"]
    assert names(product="shop", health=["Degraded"]) == []


# ---- runtimes ----


def test_importing_commits_and_shows_the_applications_at_once(
    promoter: User, local: Runtime, repository: BareRepository
) -> None:
    text = manifest("api", namespace="api", annotations={"codefresh.io/product": "shop"})
    before = repository.tip()
    changes = applications_import(user=promoter, text=text)
    assert [(c.key.name, c.outcome, c.path) for c in changes] == [
        ("api", "created", "manifests/api/application.yaml")
    ]
    assert repository.git("show", "main:manifests/api/application.yaml") == text.strip()
    assert repository.git("log", "-1", "--format=%an %ae %s %P") == (
        f"paul paul@127.0.0.1 Add the application api {before}"
    )
    assert application_get("local", "argocd", "api").product == product_get("shop")
    assert [c.outcome for c in applications_import(user=promoter, text=text, runtime=local)] == ["unchanged"]
    assert repository.git("rev-list", "--count", "main") == "2"


def test_an_imported_change_stays_where_the_application_stands(
    promoter: User, local: Runtime, repository: BareRepository
) -> None:
    both = f"# both\n{manifest('a')}---\n{manifest('b')}"
    repository.commit({"manifests/both.yaml": both})
    changes = applications_import(user=promoter, text=manifest("b", path="apps/other"))
    assert [(c.outcome, c.path) for c in changes] == [("changed", "manifests/both.yaml")]
    expected = f"# both\n{manifest('a')}---\n{manifest('b', path='apps/other')}"
    assert repository.git("show", "main:manifests/both.yaml") == expected.strip()


def test_two_new_applications_of_one_name_get_files_of_their_own(
    promoter: User, local: Runtime, repository: BareRepository
) -> None:
    text = manifest("api") + "---\n" + manifest("api").replace("namespace: argocd", "namespace: team")
    changes = applications_import(user=promoter, text=text)
    assert [c.path for c in changes] == [
        "manifests/api/application.yaml",
        "manifests/team.api/application.yaml",
    ]
    assert {a.namespace for a in Application.objects.filter(name="api")} == {"argocd", "team"}


def test_an_import_into_an_empty_repository(promoter: User, repository: BareRepository) -> None:
    Runtime.objects.create(name="local", git_source_url=repository.url)
    applications_import(user=promoter, text=manifest("api"))
    assert repository.git("ls-tree", "-r", "--name-only", "main") == "api/application.yaml"


def test_an_import_that_comes_too_late_is_made_again_on_the_new_tip(
    promoter: User, local: Runtime, repository: BareRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    from environments.runtimes.local import manifest_store

    push, races = manifest_store._push, [1, 2]

    def late(*arguments: Any) -> str | None:
        if races:
            repository.commit({f"race-{races.pop()}": "x"})
        return push(*arguments)

    monkeypatch.setattr(manifest_store, "_push", late)
    applications_import(user=promoter, text=manifest("api"))
    names = repository.git("ls-tree", "-r", "--name-only", "main").splitlines()
    assert {"race-1", "race-2", "manifests/api/application.yaml"} <= set(names)
    assert repository.git("for-each-ref", "refs/lockstep") == ""


def test_a_repository_that_refuses_says_why(
    promoter: User, local: Runtime, repository: BareRepository
) -> None:
    hook = repository.path / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\necho 'main is frozen' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(RuntimeRefused, match="main is frozen"):
        applications_import(user=promoter, text=manifest("api"))
    assert repository.git("for-each-ref", "refs/lockstep") == ""


def test_what_cannot_be_imported(promoter: User, local: Runtime) -> None:
    with pytest.raises(Invalid, match="line 1") as caught:
        applications_import(user=promoter, text="kind: Flow\n")
    assert set(caught.value.problems) == {"text"}
    Runtime.objects.all().delete()
    with pytest.raises(Conflict, match="no runtime"):
        applications_import(user=promoter, text=manifest())


def test_sync_and_refresh_show_at_once(promoter: User, viewer: User, local: Runtime) -> None:
    from products.discovery import runtime_poll

    runtime_poll(runtime=local)
    LocalApplication.objects.update(latency_seconds=600)  # longer than this test may take
    row = application_get("local", "argocd", "web")
    assert (row.sync_status, row.health_status) == ("OutOfSync", "Missing")
    application_sync(user=promoter, application=row)
    row.refresh_from_db()
    assert row.operation["phase"] == "Running"
    with pytest.raises(RuntimeRefused):
        application_sync(user=promoter, application=row)
    before = row.reconciled_at
    application_refresh(user=viewer, application=row)
    row.refresh_from_db()
    assert before is not None and row.reconciled_at is not None and row.reconciled_at > before


def test_applications_that_move_take_the_feeds_in_one_order(promoter: User) -> None:
    from environments.services import cluster_ensure, environment_create

    cluster_ensure("in-cluster")
    for name, product in (("a", "zebra"), ("b", "apple"), ("c", None)):
        owner = Product.objects.create(name=product) if product else None
        application(name, product=owner, destination_namespace=name)
    environment_create(user=promoter, name="all", targets=[{"cluster": "in-cluster", "namespaces": []}])
    told = Event.objects.filter(kind="application.changed").order_by("pk")
    assert [(e.feed.key, e.subject[-1]) for e in told] == [
        ("product:apple", "b"),
        ("product:zebra", "a"),
        ("board", "a"),
        ("board", "b"),
        ("board", "c"),
    ]
