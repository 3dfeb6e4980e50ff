"""Takes Product manifests into product rows, and renames flows in them. Never assigns applications."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import yaml
from django.db import transaction

from accounts.models import Role, User
from accounts.permissions import require_role
from feeds.services import BOARD, event_append, feeds_lock, product_feed
from products.models import Product, PromotionTemplate
from promotions.manifests import Document, ManifestError, parse_one, product_spec
from promotions.selectors.stored import stored_document
from promotions.services.document_save import Saved, etag_of, scalars_renamed

INDENT = "    "


def product_manifest_save(*, user: User, document: Document) -> Saved:
    """Create or change the product that the document describes, in its own or the caller's transaction.

    Raises NotAllowed, ManifestError (a template that does not exist).
    """
    require_role(user, Role.ADMINISTRATOR, "save a product")
    spec = product_spec(document)
    template = _template(document, spec.template_ref)
    columns: dict[str, Any] = {
        "template": template,
        "inline_template": _inline(document),
        "flows": _flows(document),
        "concurrency": spec.concurrency,
        "manifest": document.text,
        "etag": etag_of(document.text),
    }
    metadata = document.data.get("metadata") or {}
    if "labels" in metadata:
        columns["labels"] = dict(metadata["labels"] or {})
    description = (metadata.get("annotations") or {}).get("description")
    if description is not None:
        columns["description"] = str(description)[: Product._meta.get_field("description").max_length]
    with transaction.atomic():
        product, created = Product.objects.get_or_create(name=spec.name, defaults=columns)
        if not created:
            product = Product.objects.select_for_update().get(pk=product.pk)
            if all(getattr(product, column) == value for column, value in columns.items()):
                return Saved(product, created=False, changed=False)
            for column, value in columns.items():
                setattr(product, column, value)
            product.save(update_fields=list(columns))
        _tell(product, user.get_username(), "was created" if created else "was changed")
    return Saved(product, created=created, changed=True)


def products_lock(*, names: Iterable[str]) -> None:
    """Lock what saving the manifests of several products will write, in the order that everybody takes it in.

    Product by product, two transactions could wait for each other.
    """
    wanted = sorted(set(names))
    if len(wanted) > 1:
        list(Product.objects.select_for_update(no_key=True).filter(name__in=wanted).order_by("name"))
        feeds_lock([BOARD, *map(product_feed, wanted)])


def inline_template_check(*, text: str) -> None:
    """Raise ManifestError, lines counted in the text, unless it may stand under `spec.promotionTemplate`."""
    frame = (
        "kind: Product\napiVersion: codefresh.io/v1beta1\nmetadata: {name: x}\nspec:\n  promotionTemplate:\n"
    )
    above = frame.count("\n")
    try:
        parse_one(frame + textwrap.indent(text, INDENT), "Product")
    except ManifestError as error:
        raise ManifestError(
            replace(
                problem,
                line=max(1, problem.line - above),
                end_line=max(1, problem.end_line - above),
                column=max(1, problem.column - len(INDENT)),
                end_column=max(1, problem.end_column - len(INDENT)),
            )
            for problem in error.problems
        ) from error


def product_flow_renamed(product: Product, old: str, new: str) -> None:
    """Let a (locked) product refer to a flow by its new name, in its columns and in its manifest's text.

    Raises ManifestUnreadable.
    """
    product.flows = [{**flow, "name": new} if flow.get("name") == old else flow for flow in product.flows]
    fields = ["flows"]
    if product.manifest:
        product.manifest = _text_renamed(product, old, new)
        product.etag = etag_of(product.manifest)
        fields += ["manifest", "etag"]
    product.save(update_fields=fields)
    _tell(product, "", f"refers to the flow {new}, which was called {old}")


def _text_renamed(product: Product, old: str, new: str) -> str:
    document = stored_document(product, "Product")
    count = len(document.view.spec.get("promotionFlows") or [])
    paths = [("spec", "promotionFlows", index, "name") for index in range(count)]
    return scalars_renamed(document, paths, old, new)


def _template(document: Document, name: str | None) -> PromotionTemplate | None:
    if name is None:
        return None
    template = PromotionTemplate.objects.filter(name=name).first()
    if template is None:
        message = f'There is no promotion template "{name}". Add it first, or in the same apply.'
        path = ("spec", "promotionTemplateRef")
        raise ManifestError([document.view.problem("unknown-template", message, path)])
    return template


def _inline(document: Document) -> str:
    """The inline template as YAML text; its own words, so that it can stand alone in a form."""
    inline = document.view.spec.get("promotionTemplate")
    return "" if inline is None else yaml.safe_dump(inline, sort_keys=False, allow_unicode=True)


def _flows(document: Document) -> list[dict[str, Any]]:
    return [dict(flow) for flow in document.view.spec.get("promotionFlows") or []]


def _tell(product: Product, actor: str, what: str) -> None:
    event_append(
        feeds=[product_feed(product.name), BOARD],
        kind="product.changed",
        subject=product.name,
        message=f"The product {product.name} {what}.",
        actor=actor,
    )
