"""People with each role, their clients, and the flow that most tests save. Never a mock of the API."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from accounts.services import token_create
from environments.models import Cluster, Environment, Runtime
from products.models import Application, Product
from promotions.models import Flow, Release
from tests.api import manifests
from tests.api.manifests import ENVIRONMENTS

pytestmark = pytest.mark.django_db


def person(name: str, role: Role) -> User:
    return User.objects.create_user(name, password="correct horse battery", role=role)


@pytest.fixture
def viewer(db: None) -> User:
    return person("vera", Role.VIEWER)


@pytest.fixture
def promoter(db: None) -> User:
    return person("paul", Role.PROMOTER)


@pytest.fixture
def administrator(db: None) -> User:
    return person("ada", Role.ADMINISTRATOR)


def bearer(user: User) -> Client:
    """A client that shows a token, and that gets a 500 as an answer, as callers do."""
    _, text = token_create(by=user, user=user, name="test")
    return Client(headers={"authorization": f"Bearer {text}"}, raise_request_exception=False)


@pytest.fixture
def as_viewer(viewer: User) -> Client:
    return bearer(viewer)


@pytest.fixture
def as_promoter(promoter: User) -> Client:
    return bearer(promoter)


@pytest.fixture
def as_admin(administrator: User) -> Client:
    return bearer(administrator)


@pytest.fixture
def environments(db: None) -> list[Environment]:
    return [
        Environment.objects.create(name=name, kind=kind, position=position)
        for position, (name, kind) in enumerate(ENVIRONMENTS)
    ]


@pytest.fixture
def release(db: None) -> Release:
    """trio #1, which succeeded."""
    return release_of(Product.objects.create(name="trio"))


def release_of(product: Product, number: int = 1, **columns: object) -> Release:
    values = {
        "flow_name": "to-prod",
        "flow_manifest": "",
        "status": "SUCCEEDED",
        "initiator": "paul",
        "source_application": "local/argocd/trio-dev",
        "source_repository": "file:///trio.git",
        "source_branch": "main",
        "source_revision": "a" * 40,
        "created_at": timezone.now(),
        **columns,
    }
    return Release.objects.create(product=product, number=number, **values)


@pytest.fixture
def trio(environments: list[Environment]) -> Product:
    """The product trio with one application in each of dev, qa and prod, and the flow to-prod: dev -> qa -> prod."""
    runtime = Runtime.objects.create(name="local")
    Cluster.objects.create(name="in-cluster", server="https://kubernetes.default.svc")
    product = Product.objects.create(name="trio", flows=[{"name": "to-prod"}])
    for environment in environments:
        Application.objects.create(
            runtime=runtime,
            namespace="argocd",
            name=f"trio-{environment.name}",
            sources=[{"repoURL": "file:///trio.git", "path": environment.name, "targetRevision": "main"}],
            destination_cluster="in-cluster",
            destination_namespace=f"trio-{environment.name}",
            sync_status="Synced",
            health_status="Degraded" if environment.name == "qa" else "Healthy",
            revisions=["a1b2c3d4" * 5],
            version="1.10",
            product=product,
            environment=environment,
        )
    now = timezone.now()
    Flow.objects.create(name="to-prod", manifest=manifests.flow(), etag="e" * 64, updated_at=now)
    return product
