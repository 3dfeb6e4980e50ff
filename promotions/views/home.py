"""Home: what runs, what waits for a person, what failed. Never changes anything."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from feeds.selectors import feed_last_number
from feeds.services import BOARD
from products.selectors_pages import health_totals
from promotions.selectors_pages import any_release, home


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    after = feed_last_number(BOARD)  # before the reads: an event between is replayed, never lost
    health = health_totals()
    context = {
        "after": after,
        "home": home(),
        "has_releases": any_release(),
        "health": health,
        "application_count": sum(count for _, count in health),
    }
    return render(request, "promotions/home.html", context)
