"""Stores manifests verbatim by compare-and-swap on their entity tag. Never changes a byte of the text."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.models import Role, User
from accounts.permissions import require_role
from environments.errors import Conflict, NotFound
from products.models import PromotionTemplate
from promotions.manifests import Document, ManifestError, Problem, parse_one, template_spec
from promotions.manifests.scalars import resolve
from promotions.models import Policy, Workflow

# A scalar's anchor and tag, then the scalar.
_FRONT = re.compile(r"((?:[&!]\S*\s+)*)(.*)\Z", re.DOTALL)
# A block's first line and the comment there, its text, and the line breaks behind, which belong to what comes next.
_BLOCK = re.compile(r"[|>][-+\d]*([ \t]+#[^\r\n]*)?[ \t]*(?:\r?\n).*?(\s*)\Z", re.DOTALL)


def etag_of(text: str) -> str:
    """The entity tag of a manifest: the SHA-256 of its UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Expectation:
    """What the caller believes is stored. Nothing given: only creating is allowed.

    etags: one of these is stored. is_absent: nothing is stored. is_present: whatever is stored may be
    replaced. overwrite: replace or create, whatever is there.
    """

    etags: tuple[str, ...] | None = None
    is_absent: bool = False
    is_present: bool = False
    overwrite: bool = False


@dataclass(frozen=True)
class CurrentText:
    """What is stored instead of what the caller expected."""

    manifest: str
    etag: str
    saved_by: str
    saved_at: Any


class StaleDocument(Exception):
    """The stored text is another one than the caller expected; `current` is None when there is none."""

    def __init__(self, message: str, current: CurrentText | None) -> None:
        super().__init__(message)
        self.current = current


class ConditionMissing(Exception):
    """The document exists and the caller did not say which text it replaces."""


@dataclass(frozen=True)
class DocumentKind:
    """One kind of stored manifest. `columns` gives the columns that selection needs beside the text."""

    kind: str
    noun: str
    plural: str
    model: type[models.Model]
    role: Role
    columns: Callable[[Document], Mapping[str, Any]] = field(default=lambda document: {})


POLICY = DocumentKind("PromotionPolicy", "policy", "policies", Policy, Role.ADMINISTRATOR)
WORKFLOW = DocumentKind("WorkflowTemplate", "workflow", "workflows", Workflow, Role.ADMINISTRATOR)
TEMPLATE = DocumentKind(
    "PromotionTemplate",
    "template",
    "templates",
    PromotionTemplate,
    Role.ADMINISTRATOR,
    lambda document: {"priority": template_spec(document).priority},
)


@dataclass(frozen=True)
class Saved:
    """The stored row; `created` and `changed` say what the save did to it."""

    row: Any
    created: bool
    changed: bool


def document_save(*, user: User, kind: DocumentKind, name: str, text: str, expected: Expectation) -> Saved:
    """Store a policy, workflow or template under its own name.

    Raises NotAllowed, ManifestError, StaleDocument, ConditionMissing.
    """
    require_role(user, kind.role, f"save a {kind.noun}")
    document = parse_one(text, kind.kind)
    refuse_other_name(document, name)
    columns = {
        **kind.columns(document),
        "manifest": text,
        "etag": etag_of(text),
        "updated_by": user.get_username(),
    }
    with transaction.atomic():
        return row_save(kind.model, kind.noun, name, columns, expected)


def document_delete(*, user: User, kind: DocumentKind, name: str, expected: Expectation) -> None:
    """Delete a policy, workflow or template. Raises NotAllowed, NotFound, StaleDocument, Conflict."""
    require_role(user, kind.role, f"delete a {kind.noun}")
    with transaction.atomic():
        row = row_locked(kind.model, kind.noun, name)
        check_expected(kind.noun, name, row, expected, condition_needed=False)
        try:
            row.delete()
        except models.ProtectedError as error:
            users = ", ".join(sorted(str(used_by) for used_by in error.protected_objects))
            raise Conflict(
                f"The {kind.noun} {name} is used by {users}: choose another one there first."
            ) from error


def refuse_other_name(document: Document, name: str) -> None:
    """ManifestError at metadata.name unless it is the name that the text is stored under."""
    if document.name == name:
        return
    message = f'metadata.name is "{document.name}", but this is the address of "{name}". Make them the same.'
    raise ManifestError(
        [document.view.problem("another-name", message, ("metadata", "name"), suggestion=name)]
    )


def row_locked(model: type[models.Model], noun: str, name: str) -> Any:
    """The row of this name, locked until the transaction ends; NotFound."""
    row = model._default_manager.select_for_update().filter(name=name).first()
    if row is None:
        raise NotFound(f"There is no {noun} {name}.")
    return row


def row_save(
    model: type[models.Model], noun: str, name: str, columns: Mapping[str, Any], expected: Expectation
) -> Saved:
    """Insert or compare-and-swap one row of `model` inside the caller's transaction."""
    rows = model._default_manager
    row: Any = rows.select_for_update().filter(name=name).first()
    if row is None:
        check_expected(noun, name, None, expected)
        try:
            with transaction.atomic():
                return Saved(rows.create(name=name, **columns), created=True, changed=True)
        except IntegrityError:
            # Somebody created it since we looked: now it is a save over theirs.
            row = rows.select_for_update().get(name=name)
    check_expected(noun, name, row, expected)
    if row.etag == columns["etag"]:
        return Saved(row, created=False, changed=False)
    for column, value in columns.items():
        setattr(row, column, value)
    row.save()
    return Saved(row, created=False, changed=True)


def check_expected(
    noun: str, name: str, row: Any, expected: Expectation, *, condition_needed: bool = True
) -> None:
    """Raise StaleDocument or ConditionMissing unless the (locked) row is what the caller expects."""
    if expected.overwrite:
        return
    if row is None:
        if expected.etags is not None or expected.is_present:
            raise StaleDocument(f"There is no {noun} {name} any more: save it as a new one.", None)
        return
    current = CurrentText(row.manifest, row.etag, row.updated_by, row.updated_at)
    if expected.is_absent:
        raise StaleDocument(
            f"There is a {noun} {name} already: choose another name, or open that one.", current
        )
    if expected.is_present:
        return
    if expected.etags is None:
        if condition_needed:
            raise ConditionMissing(
                f"The {noun} {name} exists: send If-Match with the ETag of the text that you replace."
            )
        return
    if row.etag not in expected.etags:
        raise StaleDocument(
            f"{row.updated_by or 'Somebody'} has saved the {noun} {name} since you read it: "
            "look at the current text, then save again.",
            current,
        )


def scalars_renamed(document: Document, paths: Iterable[Sequence[str | int]], old: str, new: str) -> str:
    """The document's whole text with the name replaced where these paths hold it; every other byte is kept."""
    nodes = (document.view.find(path)[1] for path in paths)
    spans = {(node.start, node.end) for node in nodes if getattr(node, "value", None) == old}
    text = document.view.source.text
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]}{_scalar_like(text[start:end], new)}{text[end:]}"
    return text


def _scalar_like(written: str, value: str) -> str:
    """A YAML scalar for the value, with the anchor and quotes of the one that stood there."""
    front, scalar = _FRONT.match(written).groups()  # type: ignore[union-attr]
    if scalar[:1] in {'"', "'"}:
        return f"{front}{scalar[0]}{value}{scalar[0]}"
    comment, end = block.groups("") if (block := _BLOCK.match(scalar)) else ("", "")
    plain = value if resolve(value, None, plain=True) == value else f'"{value}"'
    return f"{front}{plain}{comment}{end}"


def problem_json(problem: Problem) -> dict[str, Any]:
    """A finding as the API and the pages tell it."""
    return {
        "message": problem.message,
        "line": problem.line,
        "column": problem.column,
        "endLine": problem.end_line,
        "endColumn": problem.end_column,
        "severity": problem.severity,
        "code": problem.code,
        "path": problem.path,
        "suggestion": problem.suggestion,
    }
