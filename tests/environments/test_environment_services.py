"""Environments, their claims, order and clusters; who may change them; what they refuse."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.permissions import NotAllowed
from environments import references
from environments.errors import Conflict, Invalid, NotFound
from environments.models import Cluster, Environment
from environments.selectors import (
    PlaceIndex,
    environment_get,
    environment_targets,
    environments_list,
)
from environments.services import (
    cluster_ensure,
    environment_create,
    environment_delete,
    environment_order,
    environment_update,
)
from feeds.models import Event

pytestmark = pytest.mark.django_db

HERE = "https://kubernetes.default.svc"


def person(role: Role) -> User:
    return User.objects.create_user(role.value, role=role)


@pytest.fixture
def viewer(db: None) -> User:
    return person(Role.VIEWER)


@pytest.fixture
def promoter(db: None) -> User:
    return person(Role.PROMOTER)


@pytest.fixture
def administrator(db: None) -> User:
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def clusters(db: None) -> None:
    for name in ("in-cluster", "eu-1", "https://10.0.0.1:6443"):
        cluster_ensure(name)


def place(cluster: str, *namespaces: str) -> list[dict[str, object]]:
    return [{"cluster": cluster, "namespaces": list(namespaces)}]


def test_a_new_environment_is_the_last_column(promoter: User, clusters: None) -> None:
    environment_create(user=promoter, name="dev", targets=place("in-cluster", "web", "api"))
    made = environment_create(user=promoter, name="prod", kind="PROD", tags=["eu"], targets=place("eu-1"))
    assert [e.name for e in environments_list()] == ["dev", "prod"]
    assert (made.kind, made.tags) == ("PROD", ["eu"])
    assert environment_targets(environment_get("dev")) == [
        {"cluster": "in-cluster", "namespaces": ["api", "web"]}
    ]
    assert environment_targets(made) == [{"cluster": "eu-1", "namespaces": []}]
    assert [e.kind for e in Event.objects.filter(feed__key="board")] == ["environment.changed"] * 2


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        (place("in-cluster", "web"), place("in-cluster", "web"), True),
        (place("in-cluster", "web"), place(HERE, "web"), True),
        (place("in-cluster"), place(HERE + "/"), True),
        (place("in-cluster"), place("in-cluster", "web"), False),
        (place("in-cluster", "web"), place("in-cluster"), False),
        (place("in-cluster", "web"), place("in-cluster", "web-2"), False),
        (place("in-cluster", "web"), place("eu-1", "web"), False),
    ],
)
def test_one_place_belongs_to_one_environment(
    promoter: User,
    clusters: None,
    first: list[dict[str, object]],
    second: list[dict[str, object]],
    refused: bool,
) -> None:
    environment_create(user=promoter, name="dev", targets=first)
    if not refused:
        environment_create(user=promoter, name="qa", targets=second)
        return
    with pytest.raises(Conflict, match="environment dev already has"):
        environment_create(user=promoter, name="qa", targets=second)
    assert not Environment.objects.filter(name="qa").exists()


def test_the_most_specific_claim_owns_an_application(promoter: User, clusters: None) -> None:
    whole = environment_create(user=promoter, name="all", targets=place("in-cluster"))
    web = environment_create(user=promoter, name="web", targets=place("in-cluster", "web"))
    index = PlaceIndex.load()
    assert index.environment_id("in-cluster", "web") == web.pk
    assert index.environment_id("HTTPS://Kubernetes.Default.svc/", "web") == web.pk
    assert index.environment_id(HERE, "other") == whole.pk
    assert index.environment_id("eu-1", "web") is None
    assert index.environment_id("unknown", "web") is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Dev"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a" * 64}, "name"),
        ({"name": "dev\n"}, "name"),
        ({"kind": "TEST"}, "kind"),
        ({"tags": [""]}, "tags"),
        ({"targets": place("nowhere", "web")}, "targets"),
        ({"targets": place("in-cluster", "Web")}, "targets"),
        ({"targets": place("in-cluster", "web", "")}, "targets"),
        ({"targets": [{"cluster": "in-cluster", "namespaces": "web"}]}, "targets"),
        ({"targets": [{}]}, "targets"),
    ],
)
def test_wrong_values_are_named_by_field(
    promoter: User, clusters: None, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        environment_create(user=promoter, **{"name": "dev", **change})  # type: ignore[arg-type]
    assert set(caught.value.problems) == {field}
    assert not Environment.objects.exists()


def test_a_name_is_taken_once(promoter: User) -> None:
    environment_create(user=promoter, name="dev")
    environment_create(user=promoter, name="qa")
    with pytest.raises(Conflict, match="environment dev already"):
        environment_create(user=promoter, name="dev")
    with pytest.raises(Conflict, match="environment dev already"):
        environment_update(user=promoter, name="qa", new_name="dev")


def test_an_update_changes_what_is_given(promoter: User, clusters: None) -> None:
    environment_create(user=promoter, name="dev", tags=["a"], targets=place("in-cluster", "web"))
    environment_update(user=promoter, name="dev", kind="PROD")
    changed = environment_get("dev")
    assert (changed.kind, changed.tags, changed.targets.count()) == ("PROD", ["a"], 1)
    environment_update(user=promoter, name="dev", targets=place("in-cluster", "web", "api"), tags=[])
    changed = environment_get("dev")
    assert (changed.tags, changed.targets.count()) == ([], 2)
    with pytest.raises(NotFound):
        environment_update(user=promoter, name="none", kind="PROD")


def test_a_refused_update_leaves_everything(promoter: User, clusters: None) -> None:
    environment_create(user=promoter, name="dev", targets=place("in-cluster", "web"))
    environment_create(user=promoter, name="qa", targets=place("in-cluster", "qa"))
    with pytest.raises(Conflict, match="dev"):
        environment_update(user=promoter, name="qa", new_name="qb", targets=place("in-cluster", "x", "web"))
    assert environment_targets(environment_get("qa")) == [{"cluster": "in-cluster", "namespaces": ["qa"]}]


@pytest.fixture
def hooks() -> Iterator[list[tuple[str, ...]]]:
    """Registers hooks as the apps above do, for one test."""
    calls: list[tuple[str, ...]] = []
    rename, referenced, places = (
        list(x) for x in (references._rename, references._referenced, references._places)
    )
    references.on_rename(lambda old, new, user: calls.append(("rename", old, new, user)))
    references.referenced_by(lambda name: ["the flow to-prod"] if name == "used" else [])
    references.on_places_changed(
        lambda: calls.append(("places", str(transaction.get_connection().in_atomic_block)))
    )
    yield calls
    references._rename[:], references._referenced[:], references._places[:] = rename, referenced, places


def test_a_rename_tells_who_refers_to_it(promoter: User, hooks: list[tuple[str, ...]]) -> None:
    environment_create(user=promoter, name="qa")
    hooks.clear()
    environment_update(user=promoter, name="qa", new_name="staging")
    assert hooks == [("rename", "qa", "staging", "promoter")]
    environment_update(user=promoter, name="staging", new_name="staging", kind="PROD")
    assert len(hooks) == 1


def test_a_rename_that_a_reference_refuses_does_not_happen(
    promoter: User, hooks: list[tuple[str, ...]]
) -> None:
    environment_create(user=promoter, name="qa")

    def refuse(old: str, new: str, user: str) -> None:
        raise Conflict("The flow to-prod cannot be rewritten.")

    references.on_rename(refuse)
    with pytest.raises(Conflict, match="to-prod"):
        environment_update(user=promoter, name="qa", new_name="staging")
    assert environment_get("qa")


def test_what_is_used_cannot_be_deleted(administrator: User, hooks: list[tuple[str, ...]]) -> None:
    environment_create(user=administrator, name="used")
    environment_create(user=administrator, name="free")
    with pytest.raises(Conflict, match="the flow to-prod"):
        environment_delete(user=administrator, name="used")
    environment_delete(user=administrator, name="free")
    assert [e.name for e in environments_list()] == ["used"]
    with pytest.raises(NotFound):
        environment_delete(user=administrator, name="free")


def test_changed_claims_are_told_in_the_same_transaction(
    promoter: User, clusters: None, hooks: list[tuple[str, ...]]
) -> None:
    environment_create(user=promoter, name="dev", targets=place("in-cluster"))
    environment_update(user=promoter, name="dev", kind="PROD")
    environment_update(user=promoter, name="dev", targets=[])
    assert hooks == [("places", "True")] * 2


def test_the_order_is_the_same_for_all(promoter: User) -> None:
    for name in ("a", "b", "c"):
        environment_create(user=promoter, name=name)
    environment_order(user=promoter, names=["c", "a", "b"])
    assert [e.name for e in environments_list()] == ["c", "a", "b"]
    before = Event.objects.count()
    environment_order(user=promoter, names=["c", "a", "b"])
    assert Event.objects.count() == before
    with pytest.raises(Invalid):
        environment_order(user=promoter, names=["c", "a", "b", "a"])
    with pytest.raises(Invalid, match="x"):
        environment_order(user=promoter, names=["c", "a", "b", "x"])
    with pytest.raises(Conflict, match="b was added"):
        environment_order(user=promoter, names=["c", "a"])


def test_roles(viewer: User, promoter: User) -> None:
    for call in (
        lambda: environment_create(user=viewer, name="dev"),
        lambda: environment_update(user=viewer, name="dev"),
        lambda: environment_order(user=viewer, names=[]),
        lambda: environment_delete(user=promoter, name="dev"),
    ):
        with pytest.raises(NotAllowed, match="You need the role"):
            call()


def test_a_cluster_is_the_same_by_name_and_by_server() -> None:
    here = cluster_ensure("in-cluster")
    assert cluster_ensure(HERE) == cluster_ensure(HERE + "/") == here
    assert (here.name, here.server) == ("in-cluster", HERE)
    by_server = cluster_ensure("https://10.0.0.1:6443")
    assert (by_server.name, by_server.server) == ("10.0.0.1:6443", "https://10.0.0.1:6443")
    assert cluster_ensure("10.0.0.1:6443") == by_server
    assert cluster_ensure("eu-1").server is None
    assert cluster_ensure("asia-1").server is None
    named = Cluster.objects.create(name="us-1", server="https://us.example")
    assert cluster_ensure("https://US.example/") == named == cluster_ensure("us-1")
    assert Cluster.objects.count() == 5


def test_a_server_whose_host_is_another_clusters_name() -> None:
    first = Cluster.objects.create(name="api.example", server="https://other.example")
    second = cluster_ensure("https://api.example")
    assert first != second
    assert PlaceIndex.load().cluster_id("https://api.example") == second.pk


def test_listing_does_not_ask_more_for_more_rows(promoter: User, clusters: None) -> None:
    counts = []
    for number in range(2):
        for more in range(3):
            name = f"e{number}{more}"
            environment_create(user=promoter, name=name, targets=place("in-cluster", name, f"{name}-2"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for environment in environments_list():
                environment_targets(environment)
        counts.append(len(queries))
    assert counts == [2, 2]
