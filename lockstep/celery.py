"""The Celery application: carries hints that work is due. Never remembers anything itself."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_init, worker_process_init

from lockstep.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstep.settings")

app = Celery("lockstep")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The prefork children inherit this number: by the time that a child asks for its parent, it may be dead.
_main_process: list[int] = []


@worker_init.connect
def _remember_main_process(**_: object) -> None:
    _main_process[:] = [os.getpid()]


@worker_process_init.connect
def _end_with_main_process(**_: object) -> None:
    # Without this, a worker that is killed hard leaves children behind that go on pushing.
    if _main_process:
        die_with_parent(_main_process[0])
