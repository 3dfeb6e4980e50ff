"""Takes many manifests at once, all or none, and says what each one changed. Never half of them.

Order of work: everything is tried in a transaction that is rolled back, then Application manifests are
committed to the runtime's Git Source, then the rows are written. Git comes before the rows because a
push can be refused and a transaction cannot be held open that long; a repeated apply completes what an
interrupted one left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.models import Role, User
from accounts.permissions import require_role
from products.services import applications_import
from promotions.manifests import Document, ManifestError, Problem, parse_documents
from promotions.services.document_save import (
    POLICY,
    TEMPLATE,
    WORKFLOW,
    Expectation,
    Saved,
    document_save,
)
from promotions.services.flow_save import flow_save
from promotions.services.product_manifest import product_manifest_save, products_lock

OVERWRITE = Expectation(overwrite=True)
DOCUMENTS = {kind.kind: kind for kind in (WORKFLOW, TEMPLATE, POLICY)}
APPLICATION = "Application"
# What refers to something comes after it: products to templates, applications to products.
ORDER = ("WorkflowTemplate", "PromotionTemplate", "PromotionPolicy", "PromotionFlow", "Product", APPLICATION)


@dataclass(frozen=True)
class Text:
    """One file or request body; `name` is "" for a body."""

    name: str
    text: str | bytes


@dataclass(frozen=True)
class Applied:
    """What one document did: `created`, `changed`, `unchanged`, or `checked` (a dry run does not ask Git)."""

    kind: str
    name: str
    outcome: str
    file: str


@dataclass(frozen=True)
class FileProblem:
    """A finding and the file that it is in ("" for a request body)."""

    file: str
    problem: Problem


class ApplyRefused(Exception):
    """Nothing was applied; `problems` names every error of every text."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        first = next((p for p in self.problems if p.problem.is_error), self.problems[0])
        where = f"{first.file}, line" if first.file else "Line"
        super().__init__(f"Nothing was applied. {where} {first.problem.line}: {first.problem.message}")


@dataclass(frozen=True)
class _Item:
    file: str
    document: Document


def manifests_apply(*, user: User, texts: Sequence[Text], dry_run: bool = False) -> list[Applied]:
    """Apply every document of the texts, in an order in which references hold.

    Raises ApplyRefused, NotAllowed, and of Application manifests Invalid, Conflict, RuntimeFault.
    """
    require_role(user, Role.PROMOTER, "apply manifests")
    items = _read(texts)
    rows = [item for item in items if item.document.kind != APPLICATION]
    applications = [item for item in items if item.document.kind == APPLICATION]
    with transaction.atomic():
        tried = _save_all(user, rows)
        transaction.set_rollback(True)
    if dry_run:
        return tried + [_told(item, "checked") for item in applications]
    imported = _import(user, applications)
    with transaction.atomic():
        return _save_all(user, rows) + imported


def _read(texts: Sequence[Text]) -> list[_Item]:
    items: list[_Item] = []
    problems: list[FileProblem] = []
    for text in texts:
        try:
            documents = parse_documents(text.text)
        except ManifestError as error:
            problems += [FileProblem(text.name, problem) for problem in error.problems]
            continue
        items += [_Item(text.name, document) for document in documents]
        problems += [FileProblem(text.name, p) for document in documents for p in document.errors]
    problems += _twice(items)
    if not items and not problems:
        message = "There is no manifest in the text."
        problems.append(FileProblem("", Problem("error", message, 1, 1, 1, 1, "", "empty")))
    if problems:
        raise ApplyRefused(problems)
    return sorted(items, key=lambda item: ORDER.index(item.document.kind))


def _identity(document: Document) -> tuple[str, str, str]:
    metadata = document.data.get("metadata") or {}
    namespace = str(metadata.get("namespace", "")) if document.kind == APPLICATION else ""
    return document.kind, namespace, document.name


def _twice(items: Sequence[_Item]) -> list[FileProblem]:
    seen: dict[tuple[str, str, str], _Item] = {}
    problems = []
    for item in items:
        first = seen.setdefault(_identity(item.document), item)
        if first is not item and item.document.name:
            where = f"{first.file}, " if first.file else ""
            message = (
                f"The {item.document.kind} {item.document.name} is there twice, first at {where}line "
                f"{first.document.line}. Keep one."
            )
            problem = item.document.view.problem("twice", message, ("metadata", "name"))
            problems.append(FileProblem(item.file, problem))
    return problems


def _save_all(user: User, items: Sequence[_Item]) -> list[Applied]:
    """Save each inside the caller's transaction; ApplyRefused with the problems of all."""
    applied: list[Applied] = []
    problems: list[FileProblem] = []
    products_lock(names=[item.document.name for item in items if item.document.kind == "Product"])
    for item in items:
        try:
            saved = _save(user, item.document)
        except ManifestError as error:
            problems += [FileProblem(item.file, _placed(p, item.document)) for p in error.problems]
        else:
            applied.append(
                _told(item, "created" if saved.created else "changed" if saved.changed else "unchanged")
            )
    if problems:
        raise ApplyRefused(problems)
    return applied


def _save(user: User, document: Document) -> Saved:
    if document.kind == "PromotionFlow":
        return flow_save(user=user, name=document.name, text=document.text, expected=OVERWRITE)
    if document.kind == "Product":
        return product_manifest_save(user=user, document=document)
    return document_save(
        user=user,
        kind=DOCUMENTS[document.kind],
        name=document.name,
        text=document.text,
        expected=OVERWRITE,
    )


def _placed(problem: Problem, document: Document) -> Problem:
    """The finding at its line of the whole text: flows and documents are stored, and judged, one by one."""
    if document.kind == "Product":
        return problem
    down = document.line - 1
    return replace(problem, line=problem.line + down, end_line=problem.end_line + down)


def _import(user: User, items: Sequence[_Item]) -> list[Applied]:
    if not items:
        return []
    text = "".join(_separate(item.document.text) for item in items)
    changes = applications_import(text=text, user=user)
    outcomes = {change.key.name: change.outcome for change in changes}
    return [_told(item, outcomes.get(item.document.name, "unchanged")) for item in items]


def _separate(text: str) -> str:
    """A document's text, with a mark in front and a line end behind, to stand among others."""
    text = text.removeprefix("\ufeff")
    mark = "" if text.startswith("---") else "---\n"
    return f"{mark}{text}" if text.endswith("\n") else f"{mark}{text}\n"


def _told(item: _Item, outcome: str) -> Applied:
    return Applied(item.document.kind, item.document.name, outcome, item.file)
