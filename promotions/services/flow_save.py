"""Saves, renames and deletes promotion flows, every saved text kept. Never changes a byte of the text."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import require_role
from environments.errors import Conflict
from environments.models import Environment
from feeds.services import BOARD, event_append, feeds_lock, flow_feed, product_feed
from products.models import Product
from promotions.manifests import Document, ManifestError, flow_spec, parse_one, validate_flow
from promotions.models import Flow, FlowRevision, Release, Workflow
from promotions.models.release import ReleaseStatus
from promotions.properties.diff import line_diff
from promotions.services.document_save import (
    Expectation,
    Saved,
    check_expected,
    etag_of,
    refuse_other_name,
    row_locked,
    row_save,
)
from promotions.services.product_manifest import product_flow_renamed

OVER = (ReleaseStatus.SUCCEEDED, ReleaseStatus.FAILED, ReleaseStatus.TERMINATED)


def flow_save(
    *, user: User, name: str, text: str, expected: Expectation, rename_from: str | None = None
) -> Saved:
    """Store the text of a flow under its name, and a revision of it.

    With `rename_from` the flow of that name becomes this one (products follow), and `expected` is about
    that flow. Raises NotAllowed, ManifestError (unknown environments included), StaleDocument,
    ConditionMissing, NotFound, Conflict.
    """
    require_role(user, Role.PROMOTER, "save a promotion flow")
    document = _document(name, text)
    with transaction.atomic():
        _lock_environments(document)
        _refuse_unknown(document)
        columns = _columns(user, document, text)
        old = rename_from if rename_from != name else None
        if old is not None:
            saved = _rename(old, name, columns, expected)
            _tell_of_name(old, "flow.renamed", name, user)
        else:
            saved = row_save(Flow, "flow", name, columns, expected)
        if saved.changed:
            revision_keep(saved.row, renamed_from=old or "")
    return saved


def flow_draft(*, name: str, text: str) -> Flow:
    """The flow that a save of the text under this name would store; nothing is stored. Raises ManifestError."""
    document = _document(name, text)
    _refuse_unknown(document)
    return Flow(name=name, manifest=text, etag=etag_of(text))


def flow_delete(*, user: User, name: str, expected: Expectation) -> None:
    """Delete a flow and its revisions. Raises NotAllowed, NotFound, StaleDocument, Conflict."""
    require_role(user, Role.PROMOTER, "delete a promotion flow")
    with transaction.atomic():
        flow = row_locked(Flow, "flow", name)
        check_expected("flow", name, flow, expected, condition_needed=False)
        running = (
            Release.objects.filter(flow_name=name).exclude(status__in=OVER).select_related("product").first()
        )
        if running is not None:
            raise Conflict(
                f"{running} of the flow {name} is not over: wait for its end, or terminate it first."
            )
        users = [p.name for p in Product.objects.all() if any(f.get("name") == name for f in p.flows)]
        if users:
            raise Conflict(
                f"The flow {name} is used by {', '.join(users)}: take it out of that product first."
            )
        flow.delete()
        # After the row, like a save: its feed goes on where a flow gets this name again.
        _tell_of_name(name, "flow.deleted", name, user)


def _document(name: str, text: str) -> Document:
    document = parse_one(text, "PromotionFlow")
    refuse_other_name(document, name)
    _refuse_reserved(document)
    return document


def _refuse_reserved(document: Document) -> None:
    """`/flows/new/` is the page that begins a flow: a flow of that name could not be opened."""
    if document.name == "new":
        message = 'The name "new" is reserved. Choose another.'
        raise ManifestError([document.view.problem("reserved-name", message, ("metadata", "name"))])


def _lock_environments(document: Document) -> None:
    """The environments of the flow are locked against deletion until the flow that names them is stored."""
    spec = flow_spec(document)
    list(
        Environment.objects.select_for_update(no_key=True)
        .filter(name__in=spec.environments)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _refuse_unknown(document: Document) -> None:
    problems = validate_flow(
        document,
        known_environments=set(Environment.objects.values_list("name", flat=True)),
        known_workflows=set(Workflow.objects.values_list("name", flat=True)),
    )
    if any(problem.is_error for problem in problems):
        raise ManifestError(problems)


def _columns(user: User, document: Document, text: str) -> dict[str, Any]:
    spec = flow_spec(document)
    return {
        "manifest": text,
        "etag": etag_of(text),
        "version": spec.version[: Flow._meta.get_field("version").max_length],
        "description": spec.description,
        "updated_at": timezone.now(),
        "updated_by": user.get_username(),
    }


def _rename(old: str, new: str, columns: dict[str, Any], expected: Expectation) -> Saved:
    flow = row_locked(Flow, "flow", old)
    check_expected("flow", old, flow, expected)
    flow.name = new
    for column, value in columns.items():
        setattr(flow, column, value)
    try:
        with transaction.atomic():
            flow.save()
    except IntegrityError as error:
        raise Conflict(f"There is a flow {new} already: choose another name.") from error
    products = [
        product
        for product in Product.objects.select_for_update(no_key=True).order_by("name")
        if any(each.get("name") == old for each in product.flows)
    ]
    if products:
        feeds_lock([BOARD, *(product_feed(product.name) for product in products)])
    for product in products:
        product_flow_renamed(product, old, new)
    return Saved(flow, created=False, changed=True)


def _tell_of_name(old: str, kind: str, subject: str, user: User) -> None:
    """Tell whoever has the flow open under the old name; the caller holds the flow's row, see `revision_keep`."""
    event_append(feeds=[flow_feed(old)], kind=kind, subject=subject, actor=user.get_username())


def revision_keep(flow: Flow, *, renamed_from: str = "") -> None:
    """Keep the flow's text as its next revision and tell whoever has the flow open.

    The caller holds the flow's row: its feed is locked under no other, so that several flows in one
    transaction wait for nobody in a circle.
    """
    last = flow.revisions.order_by("-number").first()
    number = last.number + 1 if last else 1
    hunks = line_diff(last.manifest.encode(), flow.manifest.encode()) if last else []
    FlowRevision.objects.create(
        flow=flow,
        number=number,
        manifest=flow.manifest,
        etag=flow.etag,
        version=flow.version,
        saved_at=flow.updated_at,
        saved_by=flow.updated_by,
        added=sum(hunk.added for hunk in hunks) if last else None,
        removed=sum(hunk.removed for hunk in hunks) if last else None,
        renamed_from=renamed_from,
    )
    event_append(
        feeds=[flow_feed(flow.name)],
        kind="flow.saved",
        subject=flow.name,
        actor=flow.updated_by,
        data={"revision": number},
        at=flow.updated_at,
    )
