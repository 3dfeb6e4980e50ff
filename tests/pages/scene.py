"""Rows for pages to show: places, products and releases in every state. Writes models directly, for speed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from environments.models import Cluster, Environment, EnvironmentTarget, Runtime
from products.models import Application, Favourite, Product, PromotionTemplate
from promotions.models import Flow, Release, ReleaseApplication, ReleaseEnvironment, Step

PLACES = [
    ("dev", "NON_PROD", "in-cluster"),
    ("qa", "NON_PROD", "in-cluster"),
    ("prod", "PROD", "in-cluster"),
    ("prod-eu", "PROD", "eu-1"),
    ("prod-asia", "PROD", "asia-1"),
]
PARALLEL = {"dev": [], "qa": ["dev"], "prod": ["qa"], "prod-eu": ["qa"], "prod-asia": ["qa"]}
SHA = "46b4afe0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6"

FLOW = """\
apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
metadata:
  name: {name}
  annotations:
    description: {description}
    version: "1.00"
spec:
  triggerEnvironment: dev
  steps:
{steps}"""
STEP = """\
    - environment: {name}
      dependsOn:
        - {before}
      policy:
        action: commit
"""


def flow_text(name: str, edges: dict[str, list[str]], description: str = "Parallel promotion flow") -> str:
    steps = "".join(STEP.format(name=n, before=d[0]) for n, d in edges.items() if d)
    return FLOW.format(name=name, description=description, steps=steps)


@dataclass
class Scene:
    """What the rows are called, so that a test reads like its page."""

    environments: dict[str, Environment] = field(default_factory=dict)
    runtime: Runtime | None = None

    def places(self) -> None:
        for position, (name, kind, cluster) in enumerate(PLACES):
            environment = Environment.objects.create(name=name, kind=kind, position=position)
            row, _ = Cluster.objects.get_or_create(name=cluster, defaults={"server": f"https://{cluster}"})
            EnvironmentTarget.objects.create(environment=environment, cluster=row, namespace=f"demo-{name}")
            self.environments[name] = environment
        self.runtime = Runtime.objects.create(name="local", kind="local")

    def product(self, name: str, version: str = "v1.184.7", **columns: Any) -> Product:
        product = Product.objects.create(name=name, **columns)
        for environment in self.environments:
            suffix = environment.removeprefix("prod-")
            self.application(f"{name}-{suffix}", environment, product=product, version=version)
        return product

    def application(
        self, name: str, environment: str | None, *, product: Product | None = None, **columns: Any
    ) -> Application:
        place = self.environments[environment] if environment else None
        target = place.targets.select_related("cluster").first() if place else None
        columns = {"health_status": "Healthy", "sync_status": "Synced", "version": "v1.184.7", **columns}
        return Application.objects.create(
            runtime=self.runtime,
            namespace="argocd",
            name=name,
            destination_cluster=target.cluster.name if target else "elsewhere",
            destination_namespace=target.namespace if target else "nowhere",
            revisions=[SHA],
            commit_author="dev-bot",
            commit_message="Update Chart.yaml to v1.184.7",
            commit_at=timezone.now() - timedelta(minutes=14),
            resources=[
                {
                    "kind": "Deployment",
                    "name": workload,
                    "health": columns["health_status"],
                    "message": "",
                    "image": f"registry/{workload}:main-45cefae",
                    "ready": "3/3",
                }
                for workload in ("buslog", "ctrlr", "flask-ui")
            ],
            product=product,
            environment=place,
            **columns,
        )

    def flow(self, name: str, edges: dict[str, list[str]]) -> Flow:
        return Flow.objects.create(
            name=name,
            manifest=flow_text(name, edges),
            etag=name,
            version="1.00",
            description="Parallel promotion flow",
            updated_at=timezone.now(),
        )

    def release(
        self,
        product: Product,
        number: int,
        states: dict[str, str],
        status: str = "SUCCEEDED",
        *,
        started: datetime | None = None,
        message: str = "",
        messages: dict[str, tuple[str, str]] | None = None,
        **columns: Any,
    ) -> Release:
        """A release whose environments stand as given; each took two minutes after the one before."""
        began = started or timezone.now() - timedelta(minutes=6)
        over = status in {"SUCCEEDED", "FAILED", "TERMINATED"}
        release = Release.objects.create(
            product=product,
            number=number,
            flow_name=columns.pop("flow_name", "multi-env-parallel-promotion"),
            flow_version="1.00",
            flow_manifest="",
            status=status,
            message=message,
            initiator=columns.pop("initiator", "release-engineer"),
            source_application=f"local/argocd/{product.name}-dev",
            source_repository="https://git.example/platform/gitops.git",
            source_branch="main",
            source_revision=SHA,
            source_author="dev-bot",
            source_message="Update Chart.yaml to v1.184.7\n\nFaster route lookup.",
            version=columns.pop("version", "v1.184.7"),
            previous_version="v1.184.6",
            created_at=began,
            started_at=None if status == "QUEUED" else began,
            finished_at=began + timedelta(minutes=6, seconds=50) if over else None,
            tick_due=False,
            **columns,
        )
        for position, (name, state) in enumerate(states.items()):
            self._environment(release, position, name, state, began, (messages or {}).get(name, ("", "")))
        return release

    def _environment(
        self, release: Release, position: int, name: str, state: str, began: datetime, said: tuple[str, str]
    ) -> None:
        start = began + timedelta(seconds=20 * position) if state != "PENDING" else None
        over = state in {"SUCCEEDED", "FAILED", "TERMINATED"}
        environment = ReleaseEnvironment.objects.create(
            release=release,
            name=name,
            kind=self.environments[name].kind,
            role="TRIGGER" if position == 0 else "TARGET",
            position=position,
            depends_on=PARALLEL.get(name, []),
            policy={"action": {"value": "commit", "origin": {"kind": "flow"}}},
            status=state,
            reason=said[0],
            message=said[1],
            started_at=start,
            finished_at=start + timedelta(seconds=128) if start and over else None,
        )
        application = ReleaseApplication.objects.create(
            environment=environment,
            runtime="local",
            namespace="argocd",
            name=f"{release.product.name}-{name.removeprefix('prod-')}",
            destination=f"in-cluster / demo-{name}",
            repository=release.source_repository,
            branch="main",
            version_before="v1.184.6",
            version_after="v1.184.7" if over else "",
            commit=SHA if over and position else "",
        )
        Step.objects.create(
            release=release,
            environment=environment,
            application=application,
            kind="await_sync",
            title="Synced and Healthy",
            phase=2,
            status=state
            if state in {"PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TERMINATED"}
            else "WAITING",
            started_at=start,
        )


ALL_WELL = dict.fromkeys(PARALLEL, "SUCCEEDED")
MIXED = {
    "dev": "SUCCEEDED",
    "qa": "SUCCEEDED",
    "prod": "SUSPENDED",
    "prod-eu": "FAILED",
    "prod-asia": "RUNNING",
}
DEGRADED = ("APP_DEGRADED", "Deployment demo-trioapp-eu-ctrlr is Degraded")
OTHERS = ("accounts", "catalog", "checkout", "fulfilment", "gateway", "ledger", "pricing", "search")
WAITS = ("WAITING_FOR_APPROVAL", "Waits for a person to approve prod")


def showcase(user: User, *, history: int = 27, others: tuple[str, ...] = OTHERS) -> Scene:
    """An installation in the middle of its day: something runs, something failed, something waits.

    `history` is how many releases went well before.
    """
    scene = Scene()
    scene.places()
    scene.flow("multi-env-parallel-promotion", PARALLEL)
    scene.flow("multi-env-sequential-promotion", {"dev": [], "qa": ["dev"], "prod": ["qa"]})
    PromotionTemplate.objects.create(name="trioapp-template", manifest="", etag="x")
    demo = scene.product(
        "demo-trioapp", flows=[{"name": "multi-env-parallel-promotion"}], description="The demo"
    )
    demo.applications.filter(name="demo-trioapp-eu").update(
        health_status="Degraded",
        health_message="Deployment demo-trioapp-eu-ctrlr exceeded its progress deadline",
    )
    demo.applications.filter(name="demo-trioapp-asia").update(health_status="Progressing")
    for name in others:
        scene.product(name, version="v3.12.0")
    Application.objects.filter(name="gateway-qa").update(sync_status="OutOfSync")
    Application.objects.filter(name="pricing-dev").update(health_status="Suspended")
    Application.objects.filter(name="search-prod").update(health_status="Missing", sync_status="OutOfSync")
    scene.application("cert-manager", "dev", version="")
    scene.application("stray", None)
    for name in ("demo-trioapp-dev", "demo-trioapp-qa", "checkout-qa"):
        Favourite.objects.create(user=user, application=Application.objects.get(name=name))
    now = timezone.now()
    said = {"prod-eu": DEGRADED, "prod": WAITS}
    for number in range(127 - history, 127):
        scene.release(
            demo, number, ALL_WELL, started=now - timedelta(hours=7 * (128 - number)), initiator="dev-bot"
        )
    scene.release(
        demo,
        127,
        {"dev": "SUCCEEDED", "qa": "FAILED", "prod": "PENDING"},
        "FAILED",
        started=now - timedelta(hours=4),
        message="qa failed: Workflow load-test failed in step p95-latency",
        flow_name="multi-env-sequential-promotion",
        messages={"qa": ("STEP_FAILED", "Workflow load-test failed in step p95-latency")},
    )
    scene.release(demo, 128, MIXED, "RUNNING", messages=said)
    scene.release(demo, 129, dict.fromkeys(PARALLEL, "PENDING"), "QUEUED", started=now, version="v1.184.8")
    scene.release(
        Product.objects.get(name="checkout"),
        77,
        {"dev": "SUCCEEDED", "qa": "RUNNING", "prod": "PENDING"},
        "RUNNING",
        started=now - timedelta(seconds=48),
        initiator="dev-bot",
    )
    scene.release(
        Product.objects.get(name="ledger"),
        54,
        {**ALL_WELL, "prod-eu": "FAILED"},
        "FAILED",
        started=now - timedelta(hours=3),
        message="Deployment ledger-api exceeded its progress deadline",
        messages={"prod-eu": ("APP_DEGRADED", "Deployment ledger-api exceeded its progress deadline")},
    )
    return scene
