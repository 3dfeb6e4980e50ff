"""Reads of products and applications for pages, API and promotions. Never writes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from environments.errors import NotFound
from environments.models import Environment
from products.models import Application, Product


@dataclass(frozen=True)
class EnvironmentVersion:
    """What one environment carries of a product; several applications may differ in version."""

    environment: str
    kind: str
    versions: tuple[str, ...]
    applications: tuple[Application, ...]


def products_list() -> QuerySet[Product]:
    """All products by name with their template and their applications, places included: two queries."""
    applications = Application.objects.select_related("environment", "runtime")
    return Product.objects.select_related("template").prefetch_related(
        Prefetch("applications", queryset=applications)
    )


def product_get(name: str) -> Product:
    """One product as products_list gives it; NotFound."""
    product = products_list().filter(name=name).first()
    if product is None:
        raise NotFound(f"There is no product {name}.")
    return product


def product_versions(product: Product) -> list[EnvironmentVersion]:
    """Per environment, in the board's order, what runs there; asks nothing of a product of products_list."""
    placed: dict[int, list[Application]] = {}
    for application in product.applications.all():
        if application.environment_id is not None:
            placed.setdefault(application.environment_id, []).append(application)
    groups = sorted(placed.values(), key=lambda group: (_place(group[0]).position, _place(group[0]).name))
    return [
        EnvironmentVersion(
            environment=_place(group[0]).name,
            kind=_place(group[0]).kind,
            versions=tuple(sorted({a.version for a in group if a.version})),
            applications=tuple(group),
        )
        for group in groups
    ]


def applications_list(
    *, product: str = "", environment: str = "", health: Collection[str] = (), sync: Collection[str] = ()
) -> QuerySet[Application]:
    """Applications with runtime, product and environment, narrowed by what is given: one query."""
    found = Application.objects.select_related("runtime", "product", "environment")
    if product:
        found = found.filter(product__name=product)
    if environment:
        found = found.filter(environment__name=environment)
    if health:
        found = found.filter(health_status__in=health)
    if sync:
        found = found.filter(sync_status__in=sync)
    return found


def application_get(runtime: str, namespace: str, name: str) -> Application:
    """One application by its identity; NotFound."""
    found = applications_list().filter(runtime__name=runtime, namespace=namespace, name=name).first()
    if found is None:
        raise NotFound(f"There is no application {runtime}/{namespace}/{name}.")
    return found


def _place(application: Application) -> Environment:
    assert application.environment is not None
    return application.environment
