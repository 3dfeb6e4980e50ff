"""Liveness, readiness and metrics for the machines that watch an installation. Never for people."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from promotions.models.release import Release, ReleaseStatus
from promotions.models.step import Step, StepStatus

log = logging.getLogger(__name__)

BROKER_TIMEOUT_SECONDS = 2.0
LEAST_FREE_BYTES = 100 * 1024 * 1024


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process answers requests at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database, the broker and the disk are usable, else 503; says which is not."""
    checks = {"database": _database, "broker": _broker, "disk": _disk}
    problems = {name: problem for name, check in checks.items() if (problem := check()) is not None}
    answer = {name: problems.get(name, "ok") for name in checks}
    return JsonResponse(answer, status=503 if problems else 200)


def _database() -> str | None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return _unwell("The database does not answer", error)
    return None


def _broker() -> str | None:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT_SECONDS,
        socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
    )
    try:
        client.ping()
    except redis.RedisError as error:
        return _unwell("The broker does not answer", error)
    finally:
        client.close()
    return None


def _unwell(sentence: str, error: Exception) -> str:
    """The sentence for anybody who asks; hosts, users and addresses are for the log alone."""
    log.warning("%s: %s", sentence, str(error).strip())
    return f"{sentence}: see the log."


def _disk() -> str | None:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE_BYTES:
        return f"Only {free // (1024 * 1024)} MiB are free in the data directory: make room there."
    return None


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format: how many releases and steps stand where, and how late the control loop is."""
    lines: list[str] = []
    for part in (_releases, _steps, _oldest_due_tick):
        lines.extend(_family(part))
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


_Family = tuple[str, str, Iterator[tuple[str, float]]]


def _family(part: Callable[[], _Family]) -> Iterator[str]:
    name, text, values = part()
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{labels} {value:g}"


def _releases() -> _Family:
    counts = dict(Release.objects.order_by().values_list("status").annotate(n=Count("pk")))
    values = ((f'{{status="{status}"}}', counts.get(status, 0)) for status in ReleaseStatus.values)
    return "lockstep_releases", "Releases by status.", values


def _steps() -> _Family:
    counts = dict(Step.objects.order_by().values_list("status").annotate(n=Count("pk")))
    values = ((f'{{status="{status}"}}', counts.get(status, 0)) for status in StepStatus.values)
    return "lockstep_steps", "Steps of releases by status.", values


def _oldest_due_tick() -> _Family:
    now = timezone.now()
    due = Release.objects.filter(tick_due=True, tick_due_at__lte=now).aggregate(oldest=Min("tick_due_at"))
    age = (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0
    return (
        "lockstep_oldest_due_tick_age_seconds",
        "How long the release that waits longest for its control loop has waited.",
        iter([("", age)]),
    )
