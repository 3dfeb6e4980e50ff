"""Many processes look at the local runtime at once: every state is reached once, none is undone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from environments.models import Runtime
from environments.runtimes.base import ApplicationKey, RuntimeRefused
from environments.runtimes.local import adapter
from environments.runtimes.local.adapter import LocalRuntime
from environments.runtimes.local.models import LocalApplication
from environments.runtimes.local.rows import columns_of, state_of
from tests.environments.bare_repository import BareRepository, chart, manifest

pytestmark = pytest.mark.django_db(transaction=True)

T0 = datetime(2030, 1, 1, tzinfo=UTC)
WEB = ApplicationKey("argocd", "web")


@pytest.fixture
def repository(tmp_path: Path, settings: Any) -> BareRepository:
    settings.DATA_DIR = tmp_path
    return BareRepository(tmp_path)


@pytest.fixture
def row(repository: BareRepository) -> Runtime:
    return Runtime.objects.create(name="local", git_source_url=repository.url, git_source_path="manifests")


def at(row: Runtime, seconds: float) -> LocalRuntime:
    return LocalRuntime(row, clock=lambda: T0 + timedelta(seconds=seconds))


def together(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned or raised, all started at once in threads with connections of their own."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[number] = call()
        except Exception as error:  # noqa: BLE001  the test judges it
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.postgres  # threads cannot share the SQLite database in memory that tests use
def test_first_looks_at_once_agree(repository: BareRepository, row: Runtime) -> None:
    repository.commit({"manifests/web.yaml": manifest(), "manifests/api.yaml": manifest("api"), **chart()})
    results = together(*[at(row, 0).list_applications] * 6)
    assert [sorted(state.key.name for state in states) for states in results] == [["api", "web"]] * 6
    assert len({state.operation.started_at for states in results for state in states}) == 1
    assert LocalApplication.objects.count() == 2


@pytest.mark.postgres
def test_one_of_several_syncs_at_once_is_started(repository: BareRepository, row: Runtime) -> None:
    repository.commit({"manifests/web.yaml": manifest(automated=False), **chart()})
    at(row, 0).list_applications()
    results = together(*[lambda: at(row, 1).sync(WEB)] * 4)
    assert results.count(None) == 1
    assert sum(isinstance(result, RuntimeRefused) for result in results) == 3


def test_a_look_whose_row_was_moved_on_meanwhile_starts_from_there(
    repository: BareRepository, row: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"manifests/web.yaml": manifest(automated=False), **chart()})
    at(row, 0).list_applications()
    swap = adapter._swap
    moved: list[bool] = []

    def late(found: LocalApplication, state: Any, **rest: Any) -> bool:
        if not moved:
            moved.append(True)
            at(row, 5).sync(WEB)
        return swap(found, state, **rest)

    monkeypatch.setattr(adapter, "_swap", late)
    at(row, 5).refresh([WEB])
    state = at(row, 5).get_applications([WEB])[WEB]
    # The refresh did not overwrite the sync that came in between.
    assert state.operation.phase == "Running"
    assert LocalApplication.objects.get().operation["started_at"] == (T0 + timedelta(seconds=5)).isoformat()


def test_a_sync_that_comes_second_is_refused(
    repository: BareRepository, row: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"manifests/web.yaml": manifest(automated=False), **chart()})
    at(row, 0).list_applications()
    swap = adapter._swap
    first: list[bool] = []

    def late(found: LocalApplication, state: Any, **rest: Any) -> bool:
        if not first:
            first.append(True)
            at(row, 4).sync(WEB)
        return swap(found, state, **rest)

    monkeypatch.setattr(adapter, "_swap", late)
    with pytest.raises(RuntimeRefused, match="running"):
        at(row, 4).sync(WEB)


def test_an_application_that_is_removed_during_a_look_is_left_out(
    repository: BareRepository, row: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({"manifests/web.yaml": manifest(), **chart()})
    swap = adapter._swap

    def removed(found: LocalApplication, state: Any, **rest: Any) -> bool:
        LocalApplication.objects.all().delete()
        return swap(found, state, **rest)

    monkeypatch.setattr(adapter, "_swap", removed)
    assert list(at(row, 0).list_applications()) == []


def test_a_state_comes_back_from_its_row_as_it_was(repository: BareRepository, row: Runtime) -> None:
    repository.commit({"manifests/web.yaml": manifest(), **chart()})
    for seconds in (0, 1.5, 30):
        at(row, seconds).list_applications()
        found = LocalApplication.objects.get()
        again = LocalApplication(**columns_of(state_of(found)))
        assert state_of(again) == state_of(found)


def test_looking_again_costs_two_questions_and_no_write(repository: BareRepository, row: Runtime) -> None:
    files = {f"manifests/a{n}.yaml": manifest(f"a{n}") for n in range(8)}
    files["manifests/bad.yaml"] = manifest("bad", path="nowhere")
    files["manifests/worse.yaml"] = manifest("worse", revision="nowhere")
    repository.commit({**files, **chart()})
    for seconds in (0, 10, 20):
        at(row, seconds).list_applications()
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        at(row, 30).list_applications()
    assert len(queries) == 2
    assert all(query["sql"].startswith("SELECT") for query in queries)
