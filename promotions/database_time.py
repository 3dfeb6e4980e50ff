"""The database's clock, which all processes share: leases and limits compare with it, never with a process's."""

from __future__ import annotations

from datetime import datetime

from django.db.models.functions import Now

from promotions.models import Release


def database_now() -> datetime:
    """The moment by the database's clock; asked of the releases' table, which must hold one."""
    return Release.objects.order_by().values_list(Now(), flat=True)[:1].get()
