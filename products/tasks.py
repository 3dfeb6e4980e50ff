"""Celery's way into discovery. Never decides anything itself."""

from __future__ import annotations

import logging

from celery import shared_task

from environments.models import Runtime
from products import discovery

log = logging.getLogger(__name__)


@shared_task(ignore_result=True)
def runtime_poll_all() -> None:
    """One look per runtime, each on its own, so that a slow runtime holds up no other."""
    for pk in Runtime.objects.order_by("pk").values_list("pk", flat=True):
        # A look that could not start in time is worthless: the next one is on its way.
        runtime_poll.apply_async(args=(pk,), expires=5)


@shared_task(name="products.tasks.runtime_poll", ignore_result=True, soft_time_limit=60, time_limit=75)
def runtime_poll(runtime_id: int) -> None:
    runtime = Runtime.objects.filter(pk=runtime_id).first()
    if runtime is None:
        log.info("Runtime %s was removed before it could be read.", runtime_id)
        return
    discovery.runtime_poll(runtime=runtime)
