"""The dialog that takes manifests by paste or upload, and says of each document what it did. Never parses."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from accounts.permissions import NotAllowed
from accounts.refusals import missing_role, role_refused
from environments.errors import Conflict, Invalid
from environments.forms import ApplicationsForm
from environments.runtimes.base import RuntimeFault
from promotions.manifests import Document, ManifestError, Problem, parse_documents
from promotions.services.apply import Applied, ApplyRefused, FileProblem, Text, manifests_apply

MOST_RESULTS = 200
WORDS = {
    "created": "Created.",
    "changed": "Changed.",
    "unchanged": "Unchanged: it is there with the same content.",
}


@dataclass
class Result:
    """One document in the dialog's list; with problems, or with what it did."""

    title: str
    place: str
    text: str = ""
    change: str = ""
    problems: list[Problem] = field(default_factory=list)


def _documents(text: Text) -> list[Document]:
    """The documents of a text, none where it is no YAML: its problems are then the text's own."""
    try:
        return parse_documents(text.text)
    except ManifestError:
        return []


def _place(name: str, line: int) -> str:
    return f"{name}, line {line}"


def refused_results(texts: Sequence[Text], found: Sequence[FileProblem]) -> list[Result]:
    """Every document with its problems; a good one says that it waits for the others."""
    results: list[Result] = []
    for text in texts:
        problems = [entry.problem for entry in found if entry.file in {text.name, ""}]
        documents = _documents(text)
        if not documents and problems:
            results.append(Result(text.name, "", problems=problems))
        own: list[list[Problem]] = [[] for _ in documents]
        starts = [document.line for document in documents]
        for problem in problems if documents else ():
            # The last document that begins at or above the line; what stands above all is the first one's.
            own[max(0, bisect_right(starts, problem.line) - 1)].append(problem)
        for document, mine in zip(documents, own, strict=True):
            title = f"{document.kind or 'Document'} {document.name}".strip()
            waits = "Correct, but not applied: all documents are taken together."
            results.append(Result(title, _place(text.name, document.line), text=waits, problems=mine))
    return _bounded(results)


def _bounded(results: list[Result]) -> list[Result]:
    """At most MOST_RESULTS, those with problems first where not all fit, and how many more there are."""
    if len(results) <= MOST_RESULTS:
        return results
    first = sorted(results, key=lambda result: not result.problems)[:MOST_RESULTS]
    return [
        *first,
        Result(f"{len(results) - MOST_RESULTS} more documents", "", text="They are not listed here."),
    ]


def _applied_results(applied: Sequence[Applied]) -> list[Result]:
    return [
        Result(
            f"{entry.kind} {entry.name}", entry.file, text=WORDS.get(entry.outcome, ""), change=entry.outcome
        )
        for entry in applied
    ]


def _apply(request: HttpRequest, form: ApplicationsForm) -> tuple[list[Result], bool]:
    """The results and whether everything was taken; other refusals go into the form. Raises NotAllowed."""
    texts = [Text(name, content) for name, content in form.cleaned_data["texts"]]
    try:
        return _applied_results(manifests_apply(user=request.user, texts=texts)), True
    except ApplyRefused as error:
        form.add_error(None, "Nothing was applied. Correct what is marked, then try again.")
        return refused_results(texts, error.problems), False
    except (Invalid, Conflict, RuntimeFault) as error:
        form.add_error(None, f"Nothing was applied. {error}")
        return [], False


@require_http_methods(["GET", "POST"])
def manifests_add(request: HttpRequest) -> HttpResponse:
    context = {
        "action": reverse("applications-add"),
        "not_allowed": missing_role(request, Role.PROMOTER, "add applications"),
    }
    if request.method == "GET":
        form = ApplicationsForm(auto_id="applications_%s")
        return render(request, "environments/applications_dialog.html", {**context, "form": form})
    form = ApplicationsForm(request.POST, request.FILES, auto_id="applications_%s")
    results: list[Result] = []
    taken = is_refused = False
    if form.is_valid():
        try:
            results, taken = _apply(request, form)
        except NotAllowed as error:
            form.add_error(None, f"Nothing was applied. {error}")
            is_refused = True
    context |= {"form": form, "results": results, "taken": taken}
    response = render(request, "environments/applications_again.html", context, status=200 if taken else 422)
    if is_refused:
        return role_refused(response)
    if taken:
        response["HX-Trigger"] = json.dumps({"live:refresh": {}})
    return response
