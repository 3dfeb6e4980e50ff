"""Changes to things: products, their applications by hand, what is asked of a runtime. Never touches releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from accounts.models import Role, User
from accounts.permissions import require_role
from environments.errors import Conflict, Invalid, NotFound
from environments.models import Runtime, rfc1123
from environments.runtimes.base import ApplicationKey, ManifestChange, ManifestRefused, StoresManifests
from environments.runtimes.registry import runtime_open
from environments.selectors import PlaceIndex, runtimes_list
from feeds.services import BOARD, event_append, product_feed
from products.discovery import product_of, runtime_observe, runtime_poll
from products.models import Application, Product, PromotionTemplate

# What a Product manifest says too: changed by a form, the stored text would no longer be true.
_IN_MANIFEST = {"description", "labels", "concurrency", "template", "inline_template", "flows"}


def product_create(*, user: User, name: str, description: str = "", **columns: Any) -> Product:
    """A new product; the other columns as in product_update. Raises Invalid, Conflict, NotAllowed."""
    require_role(user, Role.PROMOTER, "add products")
    try:
        rfc1123(name)
    except ValidationError as error:
        raise Invalid({"name": f"{name!r} is no name: {error.messages[0]}"}) from error
    if len(name) > 63:
        raise Invalid({"name": "The name is longer than 63 characters."})
    with transaction.atomic():
        try:
            with transaction.atomic():
                product = Product.objects.create(name=name)
        except IntegrityError as error:
            raise Conflict(f"There is a product {name} already: choose another name.") from error
        _set_columns(user, product, {"description": description, **columns})
        product.save()
        _tell_product(product, f"{user.username} added the product {name}.", user)
    return product


def product_update(*, user: User, name: str, **columns: Any) -> Product:
    """Change what is given of: description, labels, tags, concurrency, template (a name or None),
    inline_template (YAML text), restricted_to. Raises Invalid, NotFound, NotAllowed.

    A stored Product manifest that says otherwise afterwards is dropped.
    """
    require_role(user, Role.PROMOTER, "change products")
    with transaction.atomic():
        product = _locked(name)
        _set_columns(user, product, columns)
        product.save()
        if columns:
            _tell_product(product, f"{user.username} changed the product {name}.", user)
    return product


def product_flows_set(*, user: User, name: str, flows: Sequence[Mapping[str, Any]]) -> Product:
    """The product's flows in their order: [{"name": flow, "gitTriggerSelectors"?: [...]}]."""
    require_role(user, Role.PROMOTER, "change the flows of products")
    names = [flow.get("name") for flow in flows]
    if any(not _is_text(item) or not item for item in names):
        raise Invalid({"flows": "Every flow of a product has a name."})
    twice = next((item for item in names if names.count(item) > 1), None)
    if twice is not None:
        raise Invalid({"flows": f"The flow {twice} stands twice: keep one."})
    with transaction.atomic():
        product = _locked(name)
        _set_columns(user, product, {"flows": [dict(flow) for flow in flows]})
        product.save()
        _tell_product(product, f"{user.username} changed the flows of {name}.", user)
    return product


def product_delete(*, user: User, name: str) -> None:
    """Remove a product without releases; its applications stay. Raises NotFound, Conflict, NotAllowed."""
    require_role(user, Role.ADMINISTRATOR, "delete products")
    with transaction.atomic():
        product = _locked(name)
        product.applications.update(assigned_by_hand=False)
        try:
            product.delete()
        except ProtectedError as error:
            raise Conflict(
                f"The product {name} has releases, which are kept: it cannot be deleted."
            ) from error
        _tell_product(product, f"{user.username} deleted the product {name}.", user)


def application_assign(*, user: User, application: Application, product: Product) -> None:
    """Put an application into a product by hand; from then on its annotation no longer counts."""
    require_role(user, Role.PROMOTER, "assign applications")
    _assign(user, application, product, by_hand=True)


def application_unassign(*, user: User, application: Application) -> None:
    """Take back what was assigned by hand: the annotation counts again, else there is no product."""
    require_role(user, Role.PROMOTER, "assign applications")
    proposed = product_of(
        application.annotations, runtime=application.runtime.name, project=application.project
    )
    _assign(user, application, proposed, by_hand=False)


def applications_place() -> None:
    """Bring every application's environment in line with what the environments claim now."""
    index = PlaceIndex.load()
    columns = ("pk", "environment_id", "destination_cluster", "destination_namespace")
    moved = [
        pk
        for pk, environment, cluster, namespace in Application.objects.values_list(*columns)
        if index.environment_id(cluster, namespace) != environment
    ]
    with transaction.atomic():
        rows = Application.objects.select_for_update(of=("self",)).select_related("runtime", "product")
        changed = list(rows.filter(pk__in=moved).order_by("pk"))
        for row in changed:
            row.environment_id = index.environment_id(row.destination_cluster, row.destination_namespace)
            row.save(update_fields=["environment"])
        _tell_moved(changed)


def application_refresh(*, user: User, application: Application) -> None:
    """Let the runtime look at Git again, now. Raises RuntimeFault, NotAllowed."""
    require_role(user, Role.VIEWER, "refresh applications")
    key = _key(application)
    runtime_observe(runtime=application.runtime, keys=[key], refresh=[key])


def application_sync(*, user: User, application: Application) -> None:
    """Let the runtime apply what Git asks for. Raises RuntimeFault (refused while one runs), NotAllowed."""
    require_role(user, Role.PROMOTER, "sync applications")
    key = _key(application)
    runtime_open(application.runtime).sync(key)
    runtime_observe(runtime=application.runtime, keys=[key])


def applications_import(
    *, text: str | bytes, user: User, runtime: Runtime | None = None
) -> Sequence[ManifestChange]:
    """Commit Application manifests (one or more documents) to a runtime's Git Source, and look at once.

    Without a runtime, the first that takes manifests. Nothing is committed for what is there already.
    Raises Invalid (field "text"), Conflict, RuntimeFault, NotAllowed.
    """
    require_role(user, Role.PROMOTER, "add applications")
    row, adapter = _manifest_store(runtime)
    host = urlsplit(settings.PUBLIC_URL).hostname or "lockstep"
    try:
        changes = adapter.store_manifests(
            text,
            author=user.get_full_name() or user.username,
            email=user.email or f"{user.username}@{host}",
        )
    except ManifestRefused as error:
        raise Invalid({"text": str(error)}) from error
    if any(change.outcome != "unchanged" for change in changes):
        runtime_poll(runtime=row)
    return changes


def _manifest_store(runtime: Runtime | None) -> tuple[Runtime, StoresManifests]:
    for row in [runtime] if runtime is not None else runtimes_list():
        adapter = runtime_open(row)
        if isinstance(adapter, StoresManifests) and row.git_source_url:
            return row, adapter
    what = f"The runtime {runtime.name} takes" if runtime is not None else "There is no runtime that takes"
    rest = " no Application manifests" if runtime is not None else " Application manifests"
    raise Conflict(f"{what}{rest}: commit them to the runtime's own Git Source.")


def _set_columns(user: User, product: Product, columns: Mapping[str, Any]) -> None:
    known = _IN_MANIFEST | {"tags", "restricted_to"}
    unknown = sorted(columns.keys() - known)
    if unknown:
        raise Invalid({unknown[0]: f"A product has no {unknown[0]}."})
    if "restricted_to" in columns and columns["restricted_to"] != product.restricted_to:
        require_role(user, Role.ADMINISTRATOR, "restrict where a product's applications come from")
    changed = False
    for name, value in columns.items():
        clean = _template(value) if name == "template" else _clean(name, value)
        changed = changed or (name in _IN_MANIFEST and getattr(product, name) != clean)
        setattr(product, name, clean)
    if changed:
        product.manifest = product.etag = ""


def _clean(name: str, value: Any) -> Any:
    """The value where it has the column's shape, else Invalid."""
    if name == "concurrency" and value not in Product.Concurrency.values:
        raise Invalid({name: f"The concurrency is {value!r}: write queue or terminate."})
    if name == "description" and (not _is_text(value) or len(value) > 500):
        raise Invalid({name: "The description is a text of at most 500 characters."})
    if name == "labels" and not (
        isinstance(value, Mapping) and all(_is_text(x) for pair in value.items() for x in pair)
    ):
        raise Invalid({name: "Labels are pairs of texts."})
    if name == "flows":
        selectors = [each for flow in value for each in flow.get("gitTriggerSelectors", ())]
        if not all(_is_text(text) for selector in selectors for text in selector["values"]):
            raise Invalid({name: "The values of a trigger are texts."})
    if name in {"tags", "restricted_to"}:
        if isinstance(value, str) or any(not _is_text(x) or not x.strip() for x in value):
            raise Invalid({name: f"{name} is a list of texts."})
        return list(value)
    return value


def _is_text(value: Any) -> bool:
    """Whether it is a text that every database stores."""
    return isinstance(value, str) and "\0" not in value


def _template(name: str | None) -> PromotionTemplate | None:
    if not name:
        return None
    template = PromotionTemplate.objects.filter(name=name).first()
    if template is None:
        raise Invalid({"template": f"There is no promotion template {name}."})
    return template


def _locked(name: str) -> Product:
    product = Product.objects.select_for_update().filter(name=name).first()
    if product is None:
        raise NotFound(f"There is no product {name}.")
    return product


def _assign(user: User, application: Application, product: Product | None, *, by_hand: bool) -> None:
    with transaction.atomic():
        rows = Application.objects.select_for_update(of=("self",)).select_related("runtime", "product")
        row = rows.filter(pk=application.pk).first()
        if row is None:
            raise NotFound(f"The application {application.name} is gone.")
        before = row.product
        row.product, row.assigned_by_hand = product, by_hand
        # The version may stand elsewhere by the other product's template: describe it again.
        row.described = ""
        row.save(update_fields=["product", "assigned_by_hand", "described"])
        if before != product:
            where = f"belongs to {product.name}" if product else "belongs to no product"
            _tell_application(row, f"{row.name} {where} now.", user.username, before)


def _key(application: Application) -> ApplicationKey:
    return ApplicationKey(application.namespace, application.name)


def _tell_product(product: Product, message: str, user: User) -> None:
    event_append(
        feeds=[product_feed(product.name), BOARD],
        kind="product.changed",
        subject=product.name,
        message=message,
        actor=user.username,
    )


def _tell_moved(rows: Sequence[Application]) -> None:
    """Several events in one transaction take the feeds' locks in the order that everybody takes them in:
    products by name, then the board."""
    by_product = sorted((row for row in rows if row.product), key=lambda row: str(row.product))
    feeds = [(product_feed(str(row.product)), row) for row in by_product] + [(BOARD, row) for row in rows]
    for feed, row in feeds:
        event_append(
            feeds=[feed],
            kind="application.changed",
            subject=row.identity,
            message=f"{row.name} belongs to another environment now.",
        )


def _tell_application(row: Application, message: str, actor: str, before: Product | None = None) -> None:
    names = {product.name for product in (before, row.product) if product is not None}
    event_append(
        feeds=[BOARD, *map(product_feed, sorted(names))],
        kind="application.changed",
        subject=row.identity,
        message=message,
        actor=actor,
    )
