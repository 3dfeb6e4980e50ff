"""Threads with connections of their own, at the same rows at once: what must hold on a real server.

SQLite lets one transaction write at a time, which hides lost updates and deadlocks; these run on PostgreSQL.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from environments.errors import Conflict
from feeds.models import Event, Feed
from promotions.models import Release, SourceBlob, Step, StepAttempt
from promotions.services import release_concurrency
from promotions.services import sweep as sweeps
from promotions.services.idempotency import IdempotencyScope
from promotions.services.publishing import tick_request
from promotions.services.push_intents import RowIntents
from promotions.services.release_start import release_start
from promotions.services.release_terminate import release_terminate
from promotions.services.release_tick import release_tick
from promotions.services.step_run import leases_expire, step_finish, steps_claim
from promotions.steps.base import Done, Terminal, Waiting
from promotions.steps.change import SourceEntry
from promotions.steps.freeze import Source, source_store
from tests.promotions.services.demo_world import Outbox
from tests.promotions.services.light_rows import claim, light_release, lose_workers, promoter, put, step_of
from tests.promotions.services.plan_rows import site
from tests.promotions.services.test_push_intents import intent

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
# For a machine that is busy with other things: a deadlock is found by the database, within a second.
PATIENCE = 300


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Results of the works, each in a thread with a connection of its own, started at the same moment.

    A deadlock raises OperationalError in one of them, which is raised here.
    """
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, work) for work in works]]


def due(release: Release) -> None:
    with transaction.atomic():
        tick_request(release.pk)


def is_gapless(key: str) -> bool:
    feed = Feed.objects.get(key=key)
    numbers = list(Event.objects.filter(feed=feed).order_by("number").values_list("number", flat=True))
    return numbers == list(range(1, feed.last_number + 1))


def test_of_many_workers_one_claims_a_step(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "PENDING", "PENDING")
    step = step_of(release, "qa", "commit")
    claims = at_once(
        *(lambda n=n: steps_claim(step_ids=[step.pk], task_id=f"t{n}", worker=f"w{n}") for n in range(6))
    )
    assert sum(bool(found) for found in claims) == 1
    assert StepAttempt.objects.filter(step=step).count() == 1


def test_of_many_workers_one_looks_at_a_waiting_step(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "SUCCEEDED", "WAITING")
    step = step_of(release, "qa", "await_sync")
    claims = at_once(
        *(lambda n=n: steps_claim(step_ids=[step.pk], task_id=f"t{n}", worker=f"w{n}") for n in range(6))
    )
    assert sum(bool(found) for found in claims) == 1


def test_ticks_of_one_release_at_once_move_it_once(outbox: Outbox) -> None:
    release = light_release(status="QUEUED")
    due(release)
    outbox.messages.clear()
    at_once(*[partial(release_tick, release_id=release.pk)] * 4)
    started = Event.objects.filter(feed__key=f"release:{release.pk}", kind="release.status")
    assert started.count() == 1
    assert [name for name, _ in outbox.messages] == ["promotions.tasks.freeze_steps"]


def test_of_two_releases_of_a_product_one_takes_the_slot(outbox: Outbox) -> None:
    for _ in range(5):
        first, second = light_release(status="QUEUED"), light_release(status="QUEUED")
        at_once(
            partial(release_tick, release_id=second.pk),
            partial(release_tick, release_id=first.pk),
        )
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, second.status) == ("RUNNING", "QUEUED")
        Release.objects.filter(pk__in=[first.pk, second.pk]).update(status="FAILED")


def test_an_end_and_the_next_ones_tick_do_not_wait_for_each_other(outbox: Outbox) -> None:
    for _ in range(5):
        first, second = light_release("dev > qa", done=["dev"]), light_release("dev > qa", status="QUEUED")
        put(first, "qa", "SUCCEEDED", "SUCCEEDED")
        at_once(
            partial(release_tick, release_id=first.pk),
            partial(release_tick, release_id=second.pk),
            partial(release_tick, release_id=second.pk),
        )
        for _ in range(3):
            while outbox.messages:
                outbox.messages.pop(0)
                release_tick(release_id=second.pk)
            sweeps.sweep()
        second.refresh_from_db()
        assert second.status == "RUNNING"
        Release.objects.filter(pk=second.pk).update(status="FAILED")


def test_sweeps_at_once_hand_nothing_over_twice(outbox: Outbox) -> None:
    releases = [light_release("dev > qa", product=f"p{n}", done=["dev"]) for n in range(8)]
    for release in releases:
        put(release, "qa", "SUCCEEDED", "WAITING", next_check_at=release.created_at)
    outbox.messages.clear()
    rounds = at_once(*[sweeps.sweep] * 4)
    assert sum(found["waits"] for found in rounds) == len(releases)
    sent = [args[0] for name, args in outbox.messages if name.endswith("await_sync_steps")]
    assert sorted(pk for ids in sent for pk in ids) == sorted(
        Step.objects.filter(status="WAITING").values_list("pk", flat=True)
    )


def test_sweeps_at_once_give_a_lost_step_up_once(outbox: Outbox) -> None:
    release = light_release("dev > qa", done=["dev"])
    put(release, "qa", "PENDING", "PENDING")
    claim(step_of(release, "qa", "commit"))
    lose_workers()
    assert sum(at_once(*[leases_expire] * 4)) == 1
    assert step_of(release, "qa", "commit").losses == 1


def test_an_intent_is_recorded_wholly_before_or_wholly_after_the_claim_is_given_up(outbox: Outbox) -> None:
    for _ in range(10):
        release = light_release("dev > qa", done=["dev"])
        put(release, "qa", "PENDING", "PENDING")
        ours = claim(step_of(release, "qa", "commit"))
        lose_workers()
        release_terminate(user=promoter(), release_id=release.pk)

        def give_up(release: Release = release) -> None:
            leases_expire()
            release_tick(release_id=release.pk)

        store = RowIntents({"effect": [ours]})
        gone, _ = at_once(lambda store=store: store.record([intent()]), give_up)
        release.refresh_from_db()
        assert (release.status == "TERMINATED") == bool(gone)
        Release.objects.filter(pk=release.pk).update(status="TERMINATED")
        ours_steps = Step.objects.filter(release=release)
        ours_steps.update(status="TERMINATED")
        assert step_of(release, "qa", "commit").intents.count() == (0 if gone else 1)


def test_the_same_contents_frozen_by_two_releases_in_other_orders(outbox: Outbox) -> None:
    for number in range(8):
        contents = [f"{number}.{n}".encode() for n in range(6)]
        works = []
        for product, order in (("shop", contents), ("pay", contents[::-1])):
            release = light_release(product=product)
            files = {f"{n}.yaml": SourceEntry(content) for n, content in enumerate(order)}
            source = Source("a" * 40, "b" * 40, "main", files, "1", "ann", "message", release.created_at)
            works.append(lambda release=release, source=source: source_store(release, source))
        at_once(*works)
    assert SourceBlob.objects.count() == 8 * 6


def test_many_releases_of_several_products_end_without_a_deadlock_or_a_gap(outbox: Outbox) -> None:
    """Workers, ticks, sweeps and people at everything at once; each release ends, events have no gap."""
    drawing = "dev > qa > prod prod-eu prod-asia"
    releases = [
        light_release(drawing, product=f"p{n % 3}", status="QUEUED", on_failure=["continue", "halt"][n % 2])
        for n in range(9)
    ]
    for release in releases:
        due(release)
    user = promoter()

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(400):
            if not Release.objects.exclude(status__in=["SUCCEEDED", "FAILED", "TERMINATED"]).exists():
                return
            _work_once(chance)

    def _work_once(chance: random.Random) -> None:
        for pk in _shuffled(chance, Release.objects.filter(tick_due=True).values_list("pk", flat=True)):
            release_tick(release_id=pk)
        ready = Step.objects.filter(is_ready=True, status__in=["PENDING", "WAITING"])
        ids = _shuffled(chance, ready.values_list("pk", flat=True))[:6]
        for taken in steps_claim(step_ids=ids, task_id="t", worker="w").values():
            outcome = chance.choices(
                [Done("ok"), Waiting(0, "NOT_YET", str(chance.random())), Terminal("BROKEN", "It broke.")],
                [80, 18, 2],
            )[0]
            step_finish(claim=taken, outcome=outcome)
        if chance.random() < 0.1:
            sweeps.sweep()
        if chance.random() < 0.01:
            active = Release.objects.filter(status="RUNNING").first()
            if active is not None:
                ask_to_end(active.pk)

    def ask_to_end(pk: str) -> None:
        try:
            release_terminate(user=user, release_id=pk)
        except Conflict:
            # Another worker ended it after it was looked up; the refusal is right only then.
            assert Release.objects.get(pk=pk).is_over

    at_once(*(lambda seed=seed: work(seed) for seed in range(6)))
    statuses = set(Release.objects.values_list("status", flat=True))
    assert statuses <= {"SUCCEEDED", "FAILED", "TERMINATED"}
    for key in Feed.objects.values_list("key", flat=True):
        assert is_gapless(key)
    for release in releases:
        ended = Event.objects.filter(
            feed__key=f"release:{release.pk}", data__status__in=["SUCCEEDED", "FAILED", "TERMINATED"]
        )
        assert ended.filter(kind="release.status").count() == 1


def _shuffled(chance: random.Random, rows: Sequence[Any]) -> list[Any]:
    found = list(rows)
    chance.shuffle(found)
    return found


def test_two_triggers_with_one_key_at_the_same_moment_make_one_release(outbox: Outbox) -> None:
    site()
    user = promoter()
    for number in range(5):
        scope = IdempotencyScope("ann", "trigger", f"key-{number}", "digest")
        start = partial(
            release_start, user=user, flow_name="fan", product_name="shop", idempotency=scope
        )  # fmt: skip
        found = at_once(*[start] * 4)
        assert len({release.pk for release in found}) == 1
    assert Release.objects.count() == 5
    assert sorted(Release.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]


def test_triggers_at_once_are_numbered_without_a_gap(outbox: Outbox) -> None:
    site()
    user = promoter()
    start = partial(release_start, user=user, flow_name="fan", product_name="shop")
    at_once(*[start] * 6)
    assert sorted(Release.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert is_gapless("product:shop")


@pytest.mark.parametrize("concurrency", ["queue", "terminate"])
def test_triggers_that_replace_others_while_those_are_ticked(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, concurrency: str
) -> None:
    monkeypatch.setattr(release_concurrency, "MOST_QUEUED", 1)
    product = site()
    type(product).objects.update(concurrency=concurrency)
    user = promoter()

    def tick_all() -> None:
        for _ in range(25):
            for pk in Release.objects.values_list("pk", flat=True):
                due(Release(pk=pk))
                release_tick(release_id=pk)

    def start_some() -> None:
        for _ in range(6):
            release_start(user=user, flow_name="fan", product_name="shop")

    at_once(start_some, start_some, tick_all, tick_all)
    for _ in range(3):
        tick_all()
    statuses = list(Release.objects.order_by("number").values_list("status", flat=True))
    assert statuses.count("RUNNING") == 1
    if concurrency == "terminate":
        assert statuses == ["TERMINATED"] * 11 + ["RUNNING"]
    assert is_gapless("product:shop")
