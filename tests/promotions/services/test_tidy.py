"""What is of no use any more goes, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from promotions.models import IdempotencyKey
from promotions.repos import Mirror
from promotions.services.tidy import tidy
from tests.promotions.services.light_rows import light_release

pytestmark = pytest.mark.django_db


def test_old_keys_and_ended_sessions_go() -> None:
    for key, age in (("new", timedelta(days=6)), ("old", timedelta(days=7, minutes=1))):
        row = IdempotencyKey.objects.create(caller="user:1", route="POST /", key=key, body_digest="x")
        IdempotencyKey.objects.filter(pk=row.pk).update(created_at=timezone.now() - age)
    for days in (-1, 1):
        store = SessionStore()
        store.create()
        Session.objects.filter(pk=store.session_key).update(expire_date=timezone.now() + timedelta(days=days))
    tidy()
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert Session.objects.count() == 1


def test_every_mirror_is_compacted_and_one_that_cannot_be_stops_no_other(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPOSITORIES_DIR = tmp_path
    compacted: list[str] = []
    monkeypatch.setattr(Mirror, "compact", lambda self, *, timeout: compacted.append(self.url))
    good = light_release()
    for url in ("http://refused.example/a.git", "https://git.example/b.git"):
        application = good.environments.last().applications.first()
        application.pk, application.repository, application.name = None, url, url
        application.save()
    tidy()
    assert "https://git.example/b.git" in compacted
    assert not any("refused" in url for url in compacted)


def test_it_runs_by_the_clock_on_a_queue_that_has_a_worker() -> None:
    entry = configured.CELERY_BEAT_SCHEDULE["tidy"]
    assert configured.CELERY_TASK_ROUTES[entry["task"]] == {"queue": "git"}
