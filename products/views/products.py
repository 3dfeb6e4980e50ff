"""The Products list and a product's dashboard and releases. Never changes anything."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feeds.selectors import feed_last_number
from feeds.services import BOARD, product_feed
from products.models import Product
from products.selectors_pages import environments_in_order, product_applications
from promotions.models import Flow
from promotions.models.release import ReleaseStatus
from promotions.selectors_pages import (
    ReleaseFilter,
    product_releases,
    product_rows,
    release_flow_names,
    release_page,
)

DATES = (("", "Any date"), ("1", "Last 24 hours"), ("7", "Last 7 days"), ("30", "Last 30 days"))


def product_or_404(name: str) -> Product:
    product = Product.objects.select_related("template").filter(name=name).first()
    if product is None:
        raise Http404(f"There is no product {name}.")
    return product


def flow_names(product: Product) -> list[str]:
    """The product's flows that exist, in its order; where it names none, all flows there are."""
    known = list(Flow.objects.values_list("name", flat=True))
    own = [entry["name"] for entry in product.flows if entry.get("name") in known]
    return own or known


@require_safe
def product_list(request: HttpRequest) -> HttpResponse:
    after = feed_last_number(BOARD)  # before the reads: an event between is replayed, never lost
    context = {"after": after, "rows": product_rows(), "environments": environments_in_order()}
    return render(request, "products/list.html", context)


@require_safe
def product_dashboard(request: HttpRequest, name: str) -> HttpResponse:
    product = product_or_404(name)
    after = feed_last_number(product_feed(name))
    context = {
        "after": after,
        "product": product,
        "flows": flow_names(product),
        "applications": product_applications(product),
        "releases": product_releases(product),
    }
    return render(request, "products/dashboard.html", context)


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else None


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What is filtered by; a value that no list offers counts as none."""
    date, status = request.GET.get("date", ""), request.GET.get("status", "")
    return {
        "date": date if date in dict(DATES) else "",
        "status": status if status in ReleaseStatus.values else "",
        "flow": request.GET.get("flow", "").replace("\0", "")[:253],
    }


def _filter(chosen: dict[str, str]) -> ReleaseFilter:
    since = timezone.now() - timedelta(days=int(chosen["date"])) if chosen["date"] else None
    return ReleaseFilter(status=chosen["status"], flow=chosen["flow"], since=since)


@require_safe
def product_releases_page(request: HttpRequest, name: str) -> HttpResponse:
    product = product_or_404(name)
    after = feed_last_number(product_feed(name))
    chosen = _chosen(request)
    before = _number(request.GET.get("before"))
    page = release_page(product, _filter(chosen), before=before, floor=_number(request.GET.get("floor")))
    here, kept = reverse("product-releases", args=[name]), {k: v for k, v in chosen.items() if v}
    context = {
        "after": after,
        "product": product,
        "page": page,
        "chosen": chosen,
        "is_filtered": bool(kept),
        "dates": DATES,
        "statuses": ReleaseStatus.choices,
        "flow_names": release_flow_names(product),
        "flows": flow_names(product),
        "known_flows": set(Flow.objects.values_list("name", flat=True)),
        "older_url": f"{here}?{urlencode({**kept, 'before': page.older})}",
        # Read again down to the row that is last now, or new rows above would push it out.
        "live_url": f"{here}?{urlencode({**kept, 'floor': page.floor})}",
    }
    template = "products/releases.html" if before is None else "products/older_rows.html"
    return render(request, template, context)
