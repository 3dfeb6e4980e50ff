"""The Environments page and its dialogs. Never decides what an environment may claim."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Role
from accounts.permissions import NotAllowed
from accounts.refusals import missing_role, role_refused
from environments.errors import Conflict, Invalid, NotFound
from environments.forms import DeleteForm, EnvironmentForm
from environments.models import Environment
from environments.selectors import clusters_list, environment_get, environment_targets
from environments.services import environment_create, environment_delete, environment_update
from feeds.selectors import feed_last_number
from feeds.services import BOARD
from products.favourites import favourite_toggle
from products.selectors_pages import board


def done(title: str, text: str = "") -> HttpResponse:
    """The answer to a dialog that did its work: close it, say so, read the page again."""
    response = HttpResponse(status=204)
    told: dict[str, Any] = {"dialog:done": {}, "live:refresh": {}, "toast": {"title": title, "text": text}}
    response["HX-Trigger"] = json.dumps(told)
    return response


@require_safe
def environments(request: HttpRequest) -> HttpResponse:
    # The number first: an event between the two reads is then replayed, never lost.
    after = feed_last_number(BOARD)
    return render(request, "environments/board.html", {"board": board(request.user), "after": after})


def _form_page(
    request: HttpRequest, form: EnvironmentForm, title: str, verb: str, action: str, part: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "verb": verb,
        "action": action,
        "clusters": [cluster.name for cluster in clusters_list()],
        "not_allowed": missing_role(request, Role.PROMOTER, "add or change environments"),
    }
    return render(request, f"environments/form_{part}.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def environment_new(request: HttpRequest) -> HttpResponse:
    words = ("Add environment", "Add environment", reverse("environment-new"))
    if request.method == "GET":
        return _form_page(request, EnvironmentForm(), *words, part="dialog")
    form = EnvironmentForm(request.POST)
    if form.is_valid():
        try:
            environment = environment_create(user=request.user, **_values(form))
        except (Invalid, Conflict) as error:
            form.refuse(error)
        except NotAllowed:
            form.add_error(None, "Nothing was added.")
            return role_refused(_form_page(request, form, *words, part="again"))
        else:
            return done(f"{environment.name} was added", _what_is_there(environment))
    return _form_page(request, form, *words, part="again")


def _values(form: EnvironmentForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("name", "kind", "tags", "targets")}


def _what_is_there(environment: Environment) -> str:
    count = environment.applications.count()
    if count:
        return f"It holds {count} application{'' if count == 1 else 's'}."
    return "Applications appear as soon as a runtime reports them there."


def _found(name: str) -> Environment:
    try:
        return environment_get(name)
    except NotFound as error:
        raise Http404(str(error)) from error


@require_http_methods(["GET", "POST"])
def environment_edit(request: HttpRequest, name: str) -> HttpResponse:
    environment = _found(name)
    words = (f"Edit {name}", "Save environment", reverse("environment-edit", args=[name]))
    if request.method == "GET":
        initial = {
            "name": environment.name,
            "kind": environment.kind,
            "tags": ", ".join(environment.tags),
            "targets": environment_targets(environment),
        }
        return _form_page(request, EnvironmentForm(initial=initial), *words, part="dialog")
    form = EnvironmentForm(request.POST)
    if form.is_valid():
        values = _values(form)
        try:
            environment_update(user=request.user, name=name, new_name=values.pop("name"), **values)
        except (Invalid, Conflict) as error:
            form.refuse(error)
        except NotAllowed:
            form.add_error(None, "Nothing was changed.")
            return role_refused(_form_page(request, form, *words, part="again"))
        else:
            return done(f"{form.cleaned_data['name']} was saved")
    return _form_page(request, form, *words, part="again")


@require_http_methods(["GET", "POST"])
def environment_remove(request: HttpRequest, name: str) -> HttpResponse:
    environment = _found(name)
    form = DeleteForm(name, request.POST if request.method == "POST" else None)
    is_refused = False
    if form.is_bound and form.is_valid():
        try:
            environment_delete(user=request.user, name=name)
        except Conflict as error:
            form.add_error(None, str(error))
        except NotAllowed:
            form.add_error(None, "Nothing was deleted.")
            is_refused = True
        else:
            return done(f"{name} was deleted")
    context = {
        "environment": environment,
        "form": form,
        "action": reverse("environment-delete", args=[name]),
        "application_count": environment.applications.count(),
        "not_allowed": missing_role(request, Role.ADMINISTRATOR, "delete environments"),
    }
    template = "environments/delete_again.html" if form.is_bound else "environments/delete_dialog.html"
    response = render(request, template, context, status=422 if form.is_bound else 200)
    return role_refused(response) if is_refused else response


@require_POST
def favourite(request: HttpRequest, application_id: int) -> HttpResponse:
    try:
        favourite_toggle(user=request.user, application_id=application_id)
    except NotFound as error:
        raise Http404(str(error)) from error
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"live:refresh": {}})
    return response
