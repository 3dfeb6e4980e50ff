"""Sets up the quick start's demo: repository, runtime, places, product, flow. Never changes what exists.

Once the demo's runtime is there the command does nothing: what a person changed or deleted since stays so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from environments.models import EnvironmentKind, Runtime
from environments.repositories import LOCAL_PREFIX, local_repositories_dir
from environments.runtimes.local.adapter import LocalRuntime
from environments.selectors import IN_CLUSTER_NAME
from environments.services import cluster_ensure, environment_create
from products.discovery import runtime_poll
from products.management.demo_repository import BRANCH, MANIFESTS, demo_repository_create
from promotions.manifests import parse_one
from promotions.services.document_save import TEMPLATE, Expectation, document_save
from promotions.services.flow_save import flow_save
from promotions.services.product_manifest import product_manifest_save

RUNTIME = "local"
REPOSITORY = "demo.git"
EXAMPLES = Path(settings.BASE_DIR) / "examples"
ENVIRONMENTS = (
    ("dev", EnvironmentKind.NON_PROD),
    ("qa", EnvironmentKind.NON_PROD),
    ("prod", EnvironmentKind.PROD),
)
REGIONS = ("eu-1", "asia-1")


class Command(BaseCommand):
    help = "Sets up the product demo-trioapp of the quick start, with a change waiting in dev."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        made = demo_repository_create(local_repositories_dir() / REPOSITORY, now=now)
        if Runtime.objects.filter(name=RUNTIME).exists():
            self.stdout.write("The demo is set up already; nothing was changed.")
            return
        with transaction.atomic():
            runtime = _rows()
        _settle(runtime, now)
        result = runtime_poll(runtime=runtime)
        self.stdout.write(
            f"The demo is set up: {result.seen} applications of demo-trioapp"
            + (f", repository {LOCAL_PREFIX}{REPOSITORY}." if made else ", in the repository that was there.")
        )


def _rows() -> Runtime:
    """Everything that the demo needs in the database, all or nothing."""
    user = User(username="demo", role=Role.ADMINISTRATOR)  # speaks in the events; nobody can sign in as it
    for cluster in (IN_CLUSTER_NAME, *REGIONS):
        cluster_ensure(cluster)
    for name, kind in ENVIRONMENTS:
        targets = [{"cluster": IN_CLUSTER_NAME, "namespaces": [f"demo-trioapp-{name}"]}]
        environment_create(user=user, name=name, kind=kind, targets=targets)
    template = (EXAMPLES / "demo" / "template.yaml").read_text(encoding="utf-8")
    document_save(
        user=user, kind=TEMPLATE, name="trioapp", text=template, expected=Expectation(is_absent=True)
    )
    name = "multi-env-sequential-promotion"
    flow = (EXAMPLES / "quick-start" / "flows" / f"{name}.yaml").read_text(encoding="utf-8")
    flow_save(user=user, name=name, text=flow, expected=Expectation(is_absent=True))
    product = (EXAMPLES / "demo" / "product.yaml").read_text(encoding="utf-8")
    product_manifest_save(user=user, document=parse_one(product, "Product"))
    return Runtime.objects.create(
        name=RUNTIME,
        kind="local",
        git_source_url=f"{LOCAL_PREFIX}{REPOSITORY}",
        git_source_branch=BRANCH,
        git_source_path=MANIFESTS,
    )


def _settle(runtime: Runtime, now: datetime) -> None:
    """Let the runtime deploy what is in Git ten minutes ago, so that the first page shows it at rest."""
    for moment in (now - timedelta(minutes=10), now - timedelta(minutes=9)):
        LocalRuntime(runtime, clock=lambda moment=moment: moment).list_applications()  # type: ignore[misc]
