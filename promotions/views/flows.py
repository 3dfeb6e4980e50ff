"""The Flows list and the frame of the Flow Builder. Never saves a flow: the API does."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Role
from accounts.refusals import missing_role
from environments.errors import NotFound
from feeds.selectors import feed_last_number
from feeds.services import BOARD, flow_feed
from promotions.models import Flow
from promotions.selectors.flows import flow_free_name, flow_get
from promotions.selectors_pages import flow_page_rows, flow_unfinished, flow_users


@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    after = feed_last_number(BOARD)
    return render(request, "promotions/flows.html", {"after": after, "rows": flow_page_rows()})


def _found(name: str) -> Flow:
    try:
        return flow_get(name)
    except NotFound as error:
        raise Http404(str(error)) from error


def _builder(request: HttpRequest, name: str, *, is_new: bool) -> HttpResponse:
    copy_from = request.GET.get("from", "")
    context = {
        # Chart and text side by side want the room, until the person says otherwise.
        "unchosen_nav": "rail",
        # Before anything else is read: what happens from here on comes as an event.
        "after": feed_last_number(BOARD),
        "flow_after": feed_last_number(flow_feed(name)),
        "flow_name": name,
        "is_new": is_new,
        "copy_from": copy_from,
        "new_name": flow_free_name(f"{copy_from}-copy" if copy_from else "new-flow") if is_new else "",
        "product_name": request.GET.get("product", ""),
        "trigger": request.GET.get("trigger", ""),
        "not_allowed": missing_role(request, Role.PROMOTER, "save a promotion flow"),
        "trigger_not_allowed": missing_role(request, Role.PROMOTER, "trigger a release"),
    }
    return render(request, "promotions/flow.html", context)


@require_safe
def flow_new(request: HttpRequest) -> HttpResponse:
    return _builder(request, "", is_new=True)


@require_safe
def flow_page(request: HttpRequest, name: str) -> HttpResponse:
    return _builder(request, _found(name).name, is_new=False)


@require_safe
def flow_remove(request: HttpRequest, name: str) -> HttpResponse:
    """The confirmation; its button calls the API. The Flow Builder says whether its text is "saved"."""
    flow = _found(name)
    builder = request.GET.get("builder", "")
    context = {
        "flow": flow,
        "revisions": flow.revisions.count(),
        "products": flow_users(flow.name),
        "releases": flow_unfinished(flow.name),
        "in_builder": builder != "",
        "unsaved": builder == "unsaved",
        "not_allowed": missing_role(request, Role.PROMOTER, "delete a promotion flow"),
    }
    return render(request, "promotions/flow_delete_dialog.html", context)
