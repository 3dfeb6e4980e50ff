"""The dialog that takes manifests by paste or upload, and says of each document what it did. Never parses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import Role
from accounts.permissions import NotAllowed
from environments.errors import Conflict, Invalid
from environments.forms import ApplicationsForm
from environments.runtimes.base import RuntimeFault
from environments.views.environments import missing_role
from promotions.manifests import Document, ManifestError, Problem, parse_documents
from promotions.services.apply import Applied, ApplyRefused, FileProblem, Text, manifests_apply

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
        for index, document in enumerate(documents):
            end = documents[index + 1].line if index + 1 < len(documents) else float("inf")
            mine = [p for p in problems if document.line <= p.line < end or (index == 0 and p.line < end)]
            title = f"{document.kind or 'Document'} {document.name}".strip()
            waits = "Correct, but not applied: all documents are taken together."
            results.append(Result(title, _place(text.name, document.line), text=waits, problems=mine))
    return results


def _applied_results(applied: Sequence[Applied]) -> list[Result]:
    return [
        Result(
            f"{entry.kind} {entry.name}", entry.file, text=WORDS.get(entry.outcome, ""), change=entry.outcome
        )
        for entry in applied
    ]


def _apply(request: HttpRequest, form: ApplicationsForm) -> tuple[list[Result], bool]:
    """The results and whether everything was taken; other refusals go into the form."""
    texts = [Text(name, content) for name, content in form.cleaned_data["texts"]]
    try:
        return _applied_results(manifests_apply(user=request.user, texts=texts)), True
    except ApplyRefused as error:
        form.add_error(None, "Nothing was applied. Correct what is marked, then try again.")
        return refused_results(texts, error.problems), False
    except (Invalid, Conflict, NotAllowed, RuntimeFault) as error:
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
    results, taken = _apply(request, form) if form.is_valid() else ([], False)
    context |= {"form": form, "results": results, "taken": taken}
    response = render(request, "environments/applications_again.html", context, status=200 if taken else 422)
    if taken:
        response["HX-Trigger"] = json.dumps({"live:refresh": {}})
    return response
