"""Celery tasks: each calls one service. Never rules, never state; a task that is lost is only late."""

from __future__ import annotations

import os
import socket

from celery import Task, shared_task

from promotions.services import push_intents, step_execute
from promotions.services import release_tick as ticks
from promotions.services import sweep as sweeps
from promotions.services import tidy as tidying


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@shared_task(name="promotions.tasks.release_tick")
def release_tick(release_id: str) -> None:
    ticks.release_tick(release_id=release_id)


@shared_task(name="promotions.tasks.sweep")
def sweep() -> None:
    sweeps.sweep()


@shared_task(name="promotions.tasks.freeze_steps", bind=True)
def freeze_steps(self: Task, step_ids: list[int]) -> None:
    step_execute.freeze_steps(step_ids=step_ids, task_id=self.request.id, worker=_worker())


@shared_task(name="promotions.tasks.commit_steps", bind=True)
def commit_steps(self: Task, repository: str, branch: str) -> None:
    step_execute.commit_steps(repository=repository, branch=branch, task_id=self.request.id, worker=_worker())


@shared_task(name="promotions.tasks.await_sync_steps", bind=True)
def await_sync_steps(self: Task, step_ids: list[int]) -> None:
    step_execute.await_sync_steps(step_ids=step_ids, task_id=self.request.id, worker=_worker())


@shared_task(name="promotions.tasks.intents_resolve")
def intents_resolve(release_id: str) -> None:
    push_intents.intents_resolve(release_id=release_id)


@shared_task(name="promotions.tasks.tidy")
def tidy() -> None:
    tidying.tidy()
