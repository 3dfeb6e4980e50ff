"""Discovery: what a runtime reports becomes rows and events, once, and nothing else does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from environments.models import Cluster, Runtime
from environments.runtimes.base import (
    ApplicationKey,
    ApplicationSource,
    ApplicationState,
    OperationState,
    RuntimeUnreachable,
)
from environments.services import environment_create, environment_delete
from feeds.models import Event
from products import deployed, discovery, tasks, versions
from products.deployed import deployed_revision
from products.discovery import runtime_observe, runtime_poll
from products.models import Application, Product
from products.services import application_assign, application_unassign
from tests.environments.bare_repository import BareRepository, chart

pytestmark = pytest.mark.django_db

T0 = datetime(2030, 1, 1, tzinfo=UTC)


class ScriptedRuntime:
    """A runtime that says what the test put into `states`, or fails as it is told."""

    def __init__(self) -> None:
        self.states: list[ApplicationState] = []
        self.error: Exception | None = None
        self.found_problems: tuple[str, ...] = ()
        self.calls: list[str] = []
        self.now_at = T0

    def list_applications(self) -> Sequence[ApplicationState]:
        self.calls.append("list")
        if self.error is not None:
            raise self.error
        return list(self.states)

    def get_applications(self, keys: Sequence[ApplicationKey]) -> Mapping[ApplicationKey, ApplicationState]:
        self.calls.append("get")
        if self.error is not None:
            raise self.error
        return {state.key: state for state in self.states if state.key in keys}

    def now(self) -> datetime:
        return self.now_at

    def refresh(self, keys: Sequence[ApplicationKey], *, hard: bool = False) -> None:
        self.calls.append(f"refresh {'hard ' if hard else ''}{','.join(k.name for k in keys)}")

    def sync(self, key: ApplicationKey, *, revision: str | None = None) -> None:
        self.calls.append(f"sync {key.name}")

    def link(self, key: ApplicationKey) -> str:
        return ""

    def problems(self) -> Sequence[str]:
        return self.found_problems


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, settings: Any) -> ScriptedRuntime:
    script = ScriptedRuntime()
    monkeypatch.setattr(discovery, "runtime_open", lambda row: script)
    return script


@pytest.fixture
def runtime(db: None) -> Runtime:
    return Runtime.objects.create(name="local")


@pytest.fixture
def repository(tmp_path: Path, settings: Any) -> BareRepository:
    settings.DATA_DIR = tmp_path
    repository = BareRepository(tmp_path)
    repository.commit(chart("v1"), "First", author="Ada")
    return repository


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_user("ada", role=Role.ADMINISTRATOR)


def state(name: str = "web", **changes: Any) -> ApplicationState:
    """An application that is Synced and Healthy."""
    return replace(
        ApplicationState(
            key=ApplicationKey("argocd", name),
            project="default",
            sources=(ApplicationSource("lockstep://local/site.git", "apps/web"),),
            destination_cluster="in-cluster",
            destination_namespace=name,
            labels={},
            annotations={},
            sync="Synced",
            health="Healthy",
            health_message="",
            revisions=(),
            operation=OperationState(),
            reconciled_at=T0,
            health_changed_at=T0,
            observed_at=T0,
        ),
        **changes,
    )


def events(kind: str = "") -> list[tuple[str, str, str]]:
    found = Event.objects.order_by("pk")
    return [(e.feed.key, e.kind, e.subject) for e in (found.filter(kind=kind) if kind else found)]


def test_a_new_application_is_recorded_and_told(script: ScriptedRuntime, runtime: Runtime) -> None:
    script.states = [state(annotations={"codefresh.io/product": "shop"})]
    result = runtime_poll(runtime=runtime)
    row = Application.objects.get()
    assert (result.seen, result.changed) == (1, ("local/argocd/web",))
    assert (row.identity, row.sync_status, row.health_status) == ("local/argocd/web", "Synced", "Healthy")
    assert row.sources[0]["repoURL"] == "lockstep://local/site.git"
    assert row.product is not None and row.product.name == "shop"
    discovered = sorted(events("application.discovered"))
    assert discovered == [
        ("board", "application.discovered", "local/argocd/web"),
        ("product:shop", "application.discovered", "local/argocd/web"),
    ]
    assert events("product.changed")[0][2] == "shop"


def test_looking_again_at_the_same_writes_nothing(script: ScriptedRuntime, runtime: Runtime) -> None:
    script.states = [state(), state("api")]
    runtime_poll(runtime=runtime)
    runtime.refresh_from_db()
    before = events()
    script.states = [replace(s, observed_at=T0 + timedelta(seconds=2)) for s in script.states]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = runtime_poll(runtime=runtime)
    assert (result.seen, result.changed, events()) == (2, (), before)
    assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []


def test_the_number_of_questions_does_not_grow_with_applications(
    script: ScriptedRuntime, runtime: Runtime
) -> None:
    counts = []
    for number in (2, 12):
        script.states = [state(f"a{n}", annotations={"codefresh.io/product": "shop"}) for n in range(number)]
        runtime_poll(runtime=runtime)
        runtime.refresh_from_db()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            runtime_poll(runtime=runtime)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"health": "Degraded"}, True),
        ({"sync": "OutOfSync"}, True),
        ({"health_message": "why"}, True),
        ({"images": ("web:2",)}, True),
        ({"annotations": {"team": "x"}}, True),
        ({"operation": OperationState("Running", "", T0)}, True),
        ({"reconciled_at": T0 + timedelta(seconds=1)}, False),
        ({"revisions": ("f" * 40,), "sources": (ApplicationSource("nonsense", "x"),)}, True),
        ({"observed_at": T0 + timedelta(seconds=1)}, False),
    ],
)
def test_only_what_people_see_is_told(
    script: ScriptedRuntime, runtime: Runtime, change: dict[str, Any], told: bool
) -> None:
    script.states = [state()]
    runtime_poll(runtime=runtime)
    Event.objects.all().delete()
    script.states = [state(**change)]
    runtime_poll(runtime=runtime)
    assert [e[1] for e in events()] == (["application.changed"] if told else [])
    if "reconciled_at" in change:
        assert Application.objects.get().reconciled_at == change["reconciled_at"]


def test_an_older_look_does_not_undo_a_newer_one(script: ScriptedRuntime, runtime: Runtime) -> None:
    script.states = [state(observed_at=T0 + timedelta(seconds=9), health="Degraded")]
    runtime_poll(runtime=runtime)
    script.states = [state(observed_at=T0 + timedelta(seconds=8), health="Healthy")]
    assert runtime_poll(runtime=runtime).changed == ()
    assert Application.objects.get().health_status == "Degraded"


# ---- places ----


def test_unknown_clusters_are_added_once(script: ScriptedRuntime, runtime: Runtime) -> None:
    script.states = [
        state("a", destination_cluster="https://kubernetes.default.svc"),
        state("b", destination_cluster="in-cluster"),
        state("c", destination_cluster="https://EU.example/"),
        state("d", destination_cluster="https://eu.example"),
    ]
    runtime_poll(runtime=runtime)
    assert sorted(Cluster.objects.values_list("name", "server")) == [
        ("eu.example", "https://eu.example"),
        ("in-cluster", "https://kubernetes.default.svc"),
    ]


def test_applications_follow_the_claims_of_environments(
    script: ScriptedRuntime, runtime: Runtime, administrator: User
) -> None:
    script.states = [state("web"), state("api")]
    runtime_poll(runtime=runtime)
    Event.objects.all().delete()
    targets = [{"cluster": "in-cluster", "namespaces": ["web"]}]
    environment_create(user=administrator, name="dev", targets=targets)
    web, api = Application.objects.get(name="web"), Application.objects.get(name="api")
    assert (str(web.environment), api.environment) == ("dev", None)
    assert [e[2] for e in events("application.changed")] == ["local/argocd/web"]
    assert runtime_poll(runtime=runtime).changed == ()
    environment_delete(user=administrator, name="dev")
    web.refresh_from_db()
    assert web.environment is None


# ---- products ----


@pytest.mark.parametrize(
    ("restricted", "product"),
    [([], "shop"), (["local"], "shop"), (["local/default"], "shop"), (["other"], None), (["local/x"], None)],
)
def test_an_annotation_counts_only_from_where_the_product_takes_it(
    script: ScriptedRuntime, runtime: Runtime, restricted: list[str], product: str | None
) -> None:
    Product.objects.create(name="shop", restricted_to=restricted)
    script.states = [state(annotations={"codefresh.io/product": "shop"})]
    runtime_poll(runtime=runtime)
    found = Application.objects.get().product
    assert (found and found.name) == product


@pytest.mark.parametrize("name", ["Shop", "a b", "x" * 64, "-"])
def test_an_annotation_that_is_no_name_makes_no_product(
    script: ScriptedRuntime, runtime: Runtime, name: str
) -> None:
    script.states = [state(annotations={"codefresh.io/product": name})]
    runtime_poll(runtime=runtime)
    assert not Product.objects.exists()
    assert Application.objects.get().product is None


def test_an_annotation_that_goes_away_takes_the_product_away(
    script: ScriptedRuntime, runtime: Runtime
) -> None:
    script.states = [state(annotations={"codefresh.io/product": "shop"})]
    runtime_poll(runtime=runtime)
    Event.objects.all().delete()
    script.states = [state()]
    runtime_poll(runtime=runtime)
    assert Application.objects.get().product is None
    assert sorted(e[0] for e in events("application.changed")) == ["board", "product:shop"]


def test_a_hand_assignment_wins_until_it_is_taken_back(
    script: ScriptedRuntime, runtime: Runtime, administrator: User
) -> None:
    script.states = [state(annotations={"codefresh.io/product": "shop"})]
    runtime_poll(runtime=runtime)
    other = Product.objects.create(name="other")
    application_assign(user=administrator, application=Application.objects.get(), product=other)
    runtime_poll(runtime=runtime)
    assert Application.objects.get().product == other
    application_unassign(user=administrator, application=Application.objects.get())
    row = Application.objects.get()
    assert (row.product and row.product.name, row.assigned_by_hand) == ("shop", False)


def test_an_assignment_during_a_look_is_not_undone(
    script: ScriptedRuntime, runtime: Runtime, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.states = [state()]
    runtime_poll(runtime=runtime)
    other = Product.objects.create(name="other")
    columns = discovery._columns

    def assigned_meanwhile(*arguments: Any) -> dict[str, Any]:
        found = columns(*arguments)
        application_assign(user=administrator, application=Application.objects.get(), product=other)
        return found

    monkeypatch.setattr(discovery, "_columns", assigned_meanwhile)
    script.states = [state(health="Degraded")]
    runtime_poll(runtime=runtime)
    row = Application.objects.get()
    assert (row.product, row.health_status) == (other, "Degraded")


# ---- versions and commits ----


def test_version_and_last_commit_of_what_is_deployed(
    script: ScriptedRuntime, runtime: Runtime, repository: BareRepository
) -> None:
    first = repository.tip()
    second = repository.commit({"other": "x"}, "Elsewhere", author="Bob")
    script.states = [state(revisions=(second,))]
    runtime_poll(runtime=runtime)
    row = Application.objects.get()
    assert (row.version, row.commit_sha, row.commit_author, row.commit_message) == (
        "v1",
        first,
        "Ada",
        "First",
    )
    assert row.commit_at is not None


def test_while_out_of_sync_the_version_is_that_of_the_last_sync(
    script: ScriptedRuntime, runtime: Runtime, repository: BareRepository
) -> None:
    first = repository.tip()
    second = repository.commit(chart("v2"), "Second")
    succeeded = OperationState("Succeeded", "", T0, T0, first)
    script.states = [state(sync="OutOfSync", revisions=(second,), operation=succeeded)]
    runtime_poll(runtime=runtime)
    assert Application.objects.get().version == "v1"
    running = OperationState("Running", "", T0, None, second)
    script.states = [state(sync="OutOfSync", revisions=(second,), operation=running)]
    runtime_poll(runtime=runtime)
    assert Application.objects.get().version == "v1"
    script.states = [state(revisions=(second,), operation=replace(succeeded, revision=second))]
    runtime_poll(runtime=runtime)
    assert Application.objects.get().version == "v2"


def test_what_never_was_synced_has_no_version() -> None:
    assert deployed_revision(state(sync="OutOfSync", revisions=("f" * 40,)))[1] == ""
    assert deployed_revision(state(sources=())) == (None, "")


def test_a_commit_to_another_application_is_no_news(
    script: ScriptedRuntime, runtime: Runtime, repository: BareRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.states = [state(revisions=(repository.tip(),))]
    runtime_poll(runtime=runtime)
    Event.objects.all().delete()
    tip = repository.commit({"other": "x"}, "Elsewhere")
    monkeypatch.setattr(deployed, "version_read", lambda *a: pytest.fail("nothing needs reading"))
    script.states = [state(revisions=(tip,))]
    runtime_poll(runtime=runtime)
    assert (events(), Application.objects.get().revisions) == ([], [tip])


def test_a_change_of_the_template_reads_the_version_again(
    script: ScriptedRuntime, runtime: Runtime, repository: BareRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_reader", [versions.chart_version])
    versions.version_reader_register(
        lambda product, labels, read: product.inline_template if product else "none"
    )
    product = Product.objects.create(name="shop", inline_template="one")
    annotations = {"codefresh.io/product": "shop"}
    script.states = [state(revisions=(repository.tip(),), annotations=annotations)]
    runtime_poll(runtime=runtime)
    assert Application.objects.get().version == "one"
    product.inline_template = "two"
    product.save()
    runtime_poll(runtime=runtime)
    assert Application.objects.get().version == "two"


def test_an_unreadable_repository_leaves_the_version_alone(
    script: ScriptedRuntime, runtime: Runtime, repository: BareRepository
) -> None:
    script.states = [state(revisions=("f" * 40,))]
    runtime_poll(runtime=runtime)
    row = Application.objects.get()
    assert (row.version, row.described) == ("", "")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("version: 1.0.0\nappVersion: 58.10\n", "58.10"),
        ('appVersion: "58.10"  # quoted\n', "58.10"),
        ("appVersion: 'v1'\r\nversion: 2\r\n", "v1"),
        ("version: 1.0.0  # only this\n", "1.0.0"),
        ("# appVersion: 3\nversion: 1+build#2\n", "1+build#2"),
        ("dependencies:\n  - version: 9\n", ""),
        ("appVersion: |\n  1\n", ""),
        ("appVersion: *alias\nversion: 4\n", "4"),
        ("appVersion:\nversion: 4\n", "4"),
        ("", ""),
    ],
)
def test_the_charts_version_is_its_source_text(text: str, version: str) -> None:
    assert versions.chart_version(None, {}, {"Chart.yaml": text.encode()}.get) == version


# ---- failures and vanishing ----


def test_a_runtime_that_fails_says_so_on_its_row_and_keeps_what_is_known(
    script: ScriptedRuntime, runtime: Runtime
) -> None:
    script.states = [state()]
    runtime_poll(runtime=runtime)
    runtime.refresh_from_db()
    seen = runtime.last_seen_at
    script.error = RuntimeUnreachable("No answer within 10 s.")
    assert runtime_poll(runtime=runtime).error == "No answer within 10 s."
    runtime.refresh_from_db()
    assert (runtime.last_error, runtime.last_seen_at) == ("No answer within 10 s.", seen)
    assert Application.objects.get().missing_since is None
    script.error = None
    runtime_poll(runtime=runtime)
    runtime.refresh_from_db()
    assert runtime.last_error == ""


def test_an_unknown_kind_of_runtime_says_so(db: None) -> None:
    runtime = Runtime.objects.create(name="odd", kind="nonsense")
    assert "nonsense" in runtime_poll(runtime=runtime).error
    runtime.refresh_from_db()
    assert "nonsense" in runtime.last_error


def test_problems_of_a_runtime_are_shown_on_its_row(script: ScriptedRuntime, runtime: Runtime) -> None:
    script.found_problems = ("a.yaml cannot be read.",)
    runtime_poll(runtime=runtime)
    runtime.refresh_from_db()
    assert (runtime.last_error, runtime.last_seen_at is not None) == ("a.yaml cannot be read.", True)


def test_what_vanishes_is_missing_for_a_while_and_then_goes(
    script: ScriptedRuntime, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.states = [state()]
    runtime_poll(runtime=runtime)
    Event.objects.all().delete()
    script.states = []
    runtime_poll(runtime=runtime)
    assert Application.objects.get().missing_since is not None
    runtime_poll(runtime=runtime)
    assert [e.reason for e in Event.objects.all()] == ["MISSING"]
    script.states = [state()]
    runtime_poll(runtime=runtime)
    assert Application.objects.get().missing_since is None
    script.states = []
    runtime_poll(runtime=runtime)
    monkeypatch.setattr(discovery, "MISSING_GRACE", timedelta(0))
    assert runtime_poll(runtime=runtime).removed == ("local/argocd/web",)
    assert not Application.objects.exists()


# ---- observing now ----


def test_observing_refreshes_asks_and_records_in_one_call_each(
    script: ScriptedRuntime, runtime: Runtime
) -> None:
    script.states = [state("a"), state("b"), state("c")]
    keys = [ApplicationKey("argocd", name) for name in ("a", "b", "nobody")]
    observed = runtime_observe(runtime=runtime, keys=keys, refresh=keys[:1])
    assert script.calls == ["refresh hard a", "get"]
    assert observed.asked_at == T0
    assert {key.name for key in observed.states} == {"a", "b"}
    assert set(Application.objects.values_list("name", flat=True)) == {"a", "b"}


def test_observing_does_not_hide_a_failure(script: ScriptedRuntime, runtime: Runtime) -> None:
    script.error = RuntimeUnreachable("No answer.")
    with pytest.raises(RuntimeUnreachable):
        runtime_observe(runtime=runtime, keys=[ApplicationKey("argocd", "a")])


def test_every_runtime_is_polled_by_a_task_of_its_own(
    script: ScriptedRuntime, runtime: Runtime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Runtime.objects.create(name="other")
    published: list[tuple[Any, Any]] = []
    monkeypatch.setattr(
        tasks.runtime_poll, "apply_async", lambda args, expires: published.append((args, expires))
    )
    tasks.runtime_poll_all()
    assert published == [((runtime.pk,), 5), ((other.pk,), 5)]
    script.states = [state()]
    tasks.runtime_poll(runtime.pk)
    assert Application.objects.count() == 1
    tasks.runtime_poll(999_999)
    assert settings.CELERY_TASK_ROUTES[tasks.runtime_poll.name] == {"queue": "runtime"}
    assert settings.CELERY_BEAT_SCHEDULE["runtime-poll"]["task"] == tasks.runtime_poll_all.name


@pytest.mark.parametrize(
    ("changes", "column", "kept"),
    [
        ({"project": "p" * 101}, "project", "p" * 100),
        ({"destination_namespace": "n" * 64}, "destination_namespace", "n" * 63),
        ({"destination_cluster": "c" * 501}, "destination_cluster", "c" * 500),
        ({"destination_cluster": "a\0b"}, "destination_cluster", "a\ufffdb"),
        ({"labels": {"a\0": "b\0c"}}, "labels", {"a\ufffd": "b\ufffdc"}),
        ({"health_message": "a\0b"}, "health_message", "a\ufffdb"),
        ({"revisions": ("a\0",)}, "revisions", ["a\ufffd"]),
    ],
)
def test_what_no_column_holds_is_fitted_and_the_other_applications_are_recorded(
    script: ScriptedRuntime, runtime: Runtime, changes: dict[str, Any], column: str, kept: Any
) -> None:
    script.states = [state("odd", **changes), state("web")]
    assert runtime_poll(runtime=runtime).seen == 2
    assert getattr(Application.objects.get(name="odd"), column) == kept
    assert Application.objects.filter(name="web").exists()
    assert runtime_poll(runtime=runtime).changed == ()  # fitted the same way again: nothing differs
