"""Opens the adapter of a runtime row; the only place that turns settings into adapters."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from environments.models import Runtime as RuntimeRow
from environments.runtimes.base import Runtime


def runtime_open(row: RuntimeRow) -> Runtime:
    """The adapter for the row's kind; KeyError-free: an unknown kind is a sentence."""
    dotted = settings.RUNTIME_ADAPTERS.get(row.kind)
    if dotted is None:
        known = ", ".join(sorted(settings.RUNTIME_ADAPTERS))
        raise ValueError(f"Runtime {row.name} has the kind {row.kind!r}, which is none of: {known}.")
    adapter: Runtime = import_string(dotted)(row)
    return adapter
