"""Reads of the Environments board and of a product's applications, shaped for templates. Never writes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.models import User
from environments.models import Environment
from products.models import Application, Favourite, Product

HEALTH_ORDER = ("Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown")


@dataclass(frozen=True)
class Column:
    """One environment of the board with what is deployed there."""

    environment: Environment
    targets: tuple[str, ...]
    tally: tuple[tuple[str, int], ...]  # every health status in its fixed order, with its count
    favourites: tuple[Application, ...]
    others: tuple[Application, ...]
    without_product: tuple[Application, ...]

    @property
    def count(self) -> int:
        return len(self.favourites) + len(self.others) + len(self.without_product)


@dataclass(frozen=True)
class Board:
    columns: tuple[Column, ...]
    unplaced: tuple[Application, ...]  # reported by a runtime, in no environment
    products: tuple[str, ...]
    application_count: int


def _target_text(environment: Environment) -> tuple[str, ...]:
    return tuple(
        f"{target.cluster.name} / {target.namespace or 'all namespaces'}"
        for target in environment.targets.all()
    )


def _column(environment: Environment, applications: list[Application], favourites: set[int]) -> Column:
    counts = Counter(a.health_status if a.health_status in HEALTH_ORDER else "Unknown" for a in applications)
    kept = [a for a in applications if a.product_id is not None]
    return Column(
        environment=environment,
        targets=_target_text(environment),
        tally=tuple((status, counts[status]) for status in HEALTH_ORDER),
        favourites=tuple(a for a in kept if a.pk in favourites),
        others=tuple(a for a in kept if a.pk not in favourites),
        without_product=tuple(a for a in applications if a.product_id is None),
    )


def environments_in_order() -> list[Environment]:
    """All environments in the board's order, with their targets; two queries."""
    return list(Environment.objects.prefetch_related("targets__cluster"))


def board(user: User) -> Board:
    """The whole board as one person sees it. Five queries however many rows there are."""
    favourites = set(Favourite.objects.filter(user=user).values_list("application_id", flat=True))
    applications = list(
        Application.objects.select_related("runtime", "product").order_by("name", "namespace")
    )
    by_environment: dict[int | None, list[Application]] = defaultdict(list)
    for application in applications:
        by_environment[application.environment_id].append(application)
    return Board(
        columns=tuple(_column(e, by_environment[e.pk], favourites) for e in environments_in_order()),
        unplaced=tuple(by_environment[None]),
        products=tuple(sorted({a.product.name for a in applications if a.product is not None})),
        application_count=len(applications),
    )


@dataclass(frozen=True)
class Place:
    """One environment of a product's dashboard."""

    environment: Environment
    targets: tuple[str, ...]
    applications: tuple[Application, ...]


@dataclass
class ProductApplications:
    places: list[Place] = field(default_factory=list)
    unplaced: list[Application] = field(default_factory=list)


def product_applications(product: Product) -> ProductApplications:
    """A product's applications by environment; environments that hold none of them are left out."""
    applications = list(
        product.applications.select_related("runtime", "environment").order_by("name", "namespace")
    )
    by_environment: dict[int | None, list[Application]] = defaultdict(list)
    for application in applications:
        by_environment[application.environment_id].append(application)
    found = ProductApplications(unplaced=by_environment[None])
    for environment in environments_in_order():
        if by_environment[environment.pk]:
            here = tuple(by_environment[environment.pk])
            found.places.append(Place(environment, _target_text(environment), here))
    return found


def applications_to_assign() -> list[Application]:
    """Applications that belong to no product yet."""
    return list(
        Application.objects.filter(product__isnull=True)
        .select_related("runtime", "environment")
        .order_by("name", "namespace")
    )


def health_totals() -> list[tuple[str, int]]:
    """Every health status that occurs, in its fixed order, with its number of applications."""
    statuses: Iterable[str] = Application.objects.values_list("health_status", flat=True)
    counts = Counter(status if status in HEALTH_ORDER else "Unknown" for status in statuses)
    return [(status, counts[status]) for status in HEALTH_ORDER if counts[status]]
