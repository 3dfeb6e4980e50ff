"""What a plan needs, as bare rows: environments, a product's applications, a flow. No Git, no runtime."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from environments.models import Environment, Runtime
from products.models import Application, Product
from promotions.models import Flow, Policy

REPOSITORY = "lockstep://local/demo.git"
SHA = "a" * 40
NAMES = ("dev", "qa", "prod", "prod-eu")
FLOW = """\
apiVersion: lockstep.dev/v1
kind: PromotionFlow
metadata: {name: fan}
spec:
  triggerEnvironment: dev
  steps:
    - {environment: qa, dependsOn: [dev], policy: {action: commit}}
    - {environment: prod, dependsOn: [qa]}
    - {environment: prod-eu, dependsOn: [qa]}
"""


def site(product: str = "shop") -> Product:
    """dev -> qa -> prod, prod-eu, with one application of the product in each, and the flow `fan`."""
    owner = Product.objects.create(name=product, tags=["team-a"])
    for position, name in enumerate(NAMES):
        kind = "PROD" if name.startswith("prod") else "NON_PROD"
        row, _ = Environment.objects.get_or_create(
            name=name, defaults={"kind": kind, "position": position, "tags": [name]}
        )
        application(owner, row)
    Flow.objects.get_or_create(
        name="fan", defaults={"manifest": FLOW, "etag": "1", "updated_at": timezone.now()}
    )
    return owner


def application(owner: Product | None, environment: Environment | str, **columns: Any) -> Application:
    """An application of the product there, with one Git source at apps/PRODUCT/ENVIRONMENT."""
    if isinstance(environment, str):
        environment = Environment.objects.get(name=environment)
    name = columns.pop("name", f"{owner.name if owner else 'other'}-{environment.name}")
    path = columns.pop("path", f"apps/{name}")
    runtime, _ = Runtime.objects.get_or_create(name="local")
    defaults: dict[str, Any] = {
        "runtime": runtime,
        "namespace": "argocd",
        "name": name,
        "sources": [{"repoURL": REPOSITORY, "path": path, "targetRevision": "main"}],
        "revisions": [SHA],
        "destination_cluster": "in-cluster",
        "destination_namespace": name,
        "product": owner,
        "environment": environment,
        "version": "1.0",
    }
    return Application.objects.create(**(defaults | columns))


def flow_text(text: str) -> None:
    Flow.objects.filter(name="fan").update(manifest=text)


def policy(name: str, body: str) -> None:
    head = f"apiVersion: codefresh.io/v1beta1\nkind: PromotionPolicy\nmetadata: {{name: {name}}}\n"
    Policy.objects.create(name=name, manifest=f"{head}spec: {body}\n", etag=name)
