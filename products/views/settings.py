"""A product's settings: one form per part, each saved by one service. Never decides what is valid."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from accounts.permissions import NotAllowed
from accounts.refusals import missing_role, role_refused
from environments.errors import Conflict, Invalid, NotFound
from feeds.selectors import feed_last_number
from feeds.services import product_feed
from products.forms import OPERATORS, SELECTOR_KEYS, GeneralForm, TemplateForm, flows_typed
from products.manifest_text import product_manifest_text
from products.models import Application, Product, PromotionTemplate
from products.selectors_pages import applications_to_assign, product_applications
from products.services import application_assign, application_unassign, product_flows_set, product_update
from products.views.products import product_or_404
from promotions.manifests import ManifestError
from promotions.models import Flow
from promotions.services.product_manifest import inline_template_check


def _template_names() -> list[str]:
    return list(PromotionTemplate.objects.values_list("name", flat=True))


def _refuse_wrong_template(text: str) -> None:
    """Invalid with the line in the field."""
    try:
        inline_template_check(text=text)
    except ManifestError as error:
        first = error.problems[0]
        raise Invalid({"inline_template": f"Line {first.line}: {first.message}"}) from error


def _save_general(request: HttpRequest, product: Product) -> tuple[str, dict[str, Any]]:
    form = GeneralForm(request.POST)
    if form.is_valid():
        try:
            product_update(user=request.user, name=product.name, **form.cleaned_data)
        except Invalid as error:
            form.refuse(error)
        else:
            return "The settings were saved", {}
    return "", {"general": form}


def _save_template(request: HttpRequest, product: Product) -> tuple[str, dict[str, Any]]:
    form = TemplateForm(_template_names(), request.POST)
    if form.is_valid():
        columns = form.columns()
        try:
            if columns["inline_template"]:
                _refuse_wrong_template(columns["inline_template"])
            product_update(user=request.user, name=product.name, **columns)
        except Invalid as error:
            form.refuse(error)
        else:
            return "The template was saved", {}
    return "", {"template_form": form}


def _save_flows(request: HttpRequest, product: Product) -> tuple[str, dict[str, Any]]:
    try:
        product_flows_set(user=request.user, name=product.name, flows=flows_typed(request.POST))
    except Invalid as error:
        return "", {"flows_error": str(error)}
    return "The flows were saved", {}


def _chosen(request: HttpRequest) -> list[Application]:
    # No key is longer than a database's numbers; what is none was not sent by the form.
    keys = [int(key) for key in request.POST.getlist("application") if key.isdecimal() and len(key) < 19]
    return list(Application.objects.filter(pk__in=keys).select_related("runtime"))


def _assign(request: HttpRequest, product: Product) -> tuple[str, dict[str, Any]]:
    chosen = _chosen(request)
    if not chosen:
        return "", {"applications_error": "Choose the applications to assign."}
    for application in chosen:
        application_assign(user=request.user, application=application, product=product)
    count = len(chosen)
    return f"{count} application{'' if count == 1 else 's'} assigned", {}


def _unassign(request: HttpRequest, product: Product) -> tuple[str, dict[str, Any]]:
    chosen = [application for application in _chosen(request) if application.product_id == product.pk]
    for application in chosen:
        application_unassign(user=request.user, application=application)
    return " and ".join(a.name for a in chosen) + " no longer belongs here by hand", {}


PARTS = {
    "general": _save_general,
    "template": _save_template,
    "flows": _save_flows,
    "assign": _assign,
    "unassign": _unassign,
}


def _context(request: HttpRequest, product: Product, **bound: Any) -> dict[str, Any]:
    names = list(Flow.objects.values_list("name", flat=True))
    used = [entry["name"] for entry in product.flows]
    applications = product_applications(product)
    return {
        "product": product,
        "general": GeneralForm.of(product),
        "template_form": TemplateForm.of(product, _template_names()),
        "product_flows": [{**entry, "missing": entry["name"] not in names} for entry in product.flows],
        "other_flows": [name for name in names if name not in used],
        "selector_keys": SELECTOR_KEYS,
        "operators": OPERATORS,
        "assigned": [a for place in applications.places for a in place.applications] + applications.unplaced,
        "unassigned": applications_to_assign(),
        "manifest": product_manifest_text(product),
        "not_allowed": missing_role(request, Role.PROMOTER, "change a product"),
        **bound,
    }


@require_http_methods(["GET", "POST"])
def product_settings(request: HttpRequest, name: str) -> HttpResponse:
    product = product_or_404(name)
    after = feed_last_number(product_feed(name))
    if request.method == "GET":
        return render(request, "products/settings.html", {**_context(request, product), "after": after})
    save = PARTS.get(request.POST.get("part", ""))
    bound: dict[str, Any] = {"refused": "That part of the settings does not exist."}
    said, status = "", 422
    if save is not None:
        try:
            said, bound = save(request, product)
        except NotAllowed as error:
            bound, status = {"refused": str(error)}, 403
        except (Conflict, NotFound) as error:
            bound = {"refused": str(error)}
    context = {**_context(request, product_or_404(name), **bound), "after": after}
    response = render(request, "products/settings.html", context, status=200 if said else status)
    if status == 403:
        return role_refused(response)
    if said:
        response["HX-Trigger"] = json.dumps({"toast": {"title": said}})
    return response
