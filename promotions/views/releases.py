"""The page of one release: its facts, its problem in words, and the graph's first snapshot. Never acts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from environments.errors import NotFound
from promotions.models import Flow
from promotions.selectors.releases import release_detail, release_get_by_number
from promotions.views.release_words import problem_banner, retry_effects, terminate_effects

COUNTED = ("SUCCEEDED", "RUNNING", "SUSPENDED", "FAILED", "TERMINATED", "PENDING")


def _counts(release: dict[str, Any]) -> list[tuple[str, int]]:
    """In their fixed order; TERMINATED only where there is one."""
    counts = [(status, release["counts"].get(status, 0)) for status in COUNTED]
    return [(status, count) for status, count in counts if count or status != "TERMINATED"]


@require_safe
def release_page(request: HttpRequest, name: str, number: int) -> HttpResponse:
    try:
        release = release_detail(release_get_by_number(name, number))
    except NotFound as error:
        raise Http404(str(error)) from error
    context = {
        "release": release,
        "counts": _counts(release),
        "banner": problem_banner(release),
        "terminate_effects": terminate_effects(release),
        "retry_effects": retry_effects(release),
        "flow_exists": Flow.objects.filter(name=release["flow"]).exists(),
    }
    return render(request, "promotions/release.html", context)
