"""Makes a release from a plan: rows only, in one transaction. Never reads Git, never runs a step."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import require_role
from products.models import Application, Product
from promotions.errors import PlanChanged
from promotions.models import Release, ReleaseApplication, ReleaseEnvironment, Step
from promotions.selectors.plan import Plan, PlannedApplication, PlannedEnvironment, release_plan
from promotions.selectors.preview import preview_digest
from promotions.services.events import release_event
from promotions.services.idempotency import IdempotencyScope, idempotency_claim, idempotency_record
from promotions.services.publishing import tick_request
from promotions.services.release_concurrency import slot_make_room
from promotions.steps.registry import PHASE_ACTION, PHASE_AWAIT_SYNC, PHASE_FREEZE


def release_start(
    *,
    user: User,
    flow_name: str,
    product_name: str,
    application: str | None = None,
    source_revision: str | None = None,
    plan_digest: str | None = None,
    message: str = "",
    idempotency: IdempotencyScope | None = None,
) -> Release:
    """Queue a release; the same idempotency scope gives the same release.

    Raises NotAllowed, NotFound, PlanRefused, PlanChanged, IdempotencyMismatch. With `plan_digest` the
    plan is previewed again, which reads Git, before the transaction begins.
    """
    require_role(user, Role.PROMOTER, "trigger a release")
    if idempotency is not None:
        with transaction.atomic():
            known = idempotency_claim(scope=idempotency)
            if known is not None:
                return known
            transaction.set_rollback(True)  # only asked: the key is claimed together with the release
    plan = release_plan(
        flow_name=flow_name,
        product_name=product_name,
        application=application,
        source_revision=source_revision,
    )
    if plan_digest:
        _refuse_changed(plan, plan_digest)
    with transaction.atomic():
        if idempotency is not None:
            known = idempotency_claim(scope=idempotency)
            if known is not None:
                return known
        release = _insert(plan, user=user, message=message, plan_digest=plan_digest or "")
        if idempotency is not None:
            idempotency_record(scope=idempotency, release=release)
    return release


def _refuse_changed(plan: Plan, plan_digest: str) -> None:
    if preview_digest(plan) != plan_digest:
        raise PlanChanged(
            "What would be promoted has changed since the preview. Look at the new preview, then trigger."
        )


def _insert(plan: Plan, *, user: User, message: str, plan_digest: str) -> Release:
    product = Product.objects.select_for_update(no_key=True).get(pk=plan.product.pk)
    Product.objects.filter(pk=product.pk).update(release_counter=F("release_counter") + 1)
    product.refresh_from_db(fields=["release_counter"])
    target = plan.source.target
    release = Release.objects.create(
        product=product,
        number=product.release_counter,
        flow_name=plan.flow.name,
        flow_version=plan.spec.version,
        flow_manifest=plan.flow.manifest,
        note=message,
        initiator=user.get_username(),
        source_application=plan.source.row.identity,
        source_repository=target.repository,
        source_branch=target.branch,
        source_path=target.path,
        source_revision=plan.source_revision,
        source_author=plan.source.row.commit_author,
        source_commit=plan.source.row.commit_sha,
        source_message=plan.source.row.commit_message,
        source_at=plan.source.row.commit_at,
        version=plan.source.row.version,
        previous_version=_previous_version(plan),
        template=plan.template.as_json(),
        plan_digest=plan_digest,
        on_failure=plan.spec.on_failure,
        timeout_minutes=plan.spec.timeout_minutes,
        created_at=timezone.now(),
    )
    for position, planned in enumerate(plan.environments):
        _insert_environment(release, position, planned)
    transaction.on_commit(lambda: slot_make_room(release), robust=True)
    release_event(
        release,
        kind="release.created",
        actor=release.initiator,
        message=f"{release.initiator} triggered {release.flow_name}.",
        data={"status": release.status},
    )
    tick_request(release.pk)
    return release


def _insert_environment(release: Release, position: int, planned: PlannedEnvironment) -> None:
    environment = ReleaseEnvironment.objects.create(
        release=release,
        name=planned.name,
        kind=planned.kind,
        role=planned.role,
        position=position,
        depends_on=list(planned.depends_on),
        policy={name: setting.as_json() for name, setting in planned.policy.items()},
    )
    for application in planned.applications:
        row = _insert_application(environment, application)
        first = (
            ("freeze", "Source", PHASE_FREEZE)
            if planned.role == "TRIGGER"
            else ("commit", "Commit", PHASE_ACTION)
        )
        for kind, title, phase in (first, ("await_sync", "Synced and Healthy", PHASE_AWAIT_SYNC)):
            Step.objects.create(
                release=release, environment=environment, application=row, kind=kind, title=title, phase=phase
            )


def _insert_application(environment: ReleaseEnvironment, planned: PlannedApplication) -> ReleaseApplication:
    row = planned.row
    return ReleaseApplication.objects.create(
        environment=environment,
        runtime=row.runtime.name,
        namespace=row.namespace,
        name=row.name,
        component=row.annotations.get("lockstep.dev/component", ""),
        destination=destination(row),
        repository=planned.target.repository,
        branch=planned.target.branch,
        path=planned.target.path,
        version_before=row.version,
        health_status=row.health_status,
        sync_status=row.sync_status,
    )


def destination(row: Application) -> str:
    """`cluster / namespace`, as people read it."""
    return f"{row.destination_cluster} / {row.destination_namespace or '*'}"


def _previous_version(plan: Plan) -> str:
    """What the first target carries now: the left side of "v1 -> v2" in the release's header."""
    for planned in plan.environments[1:]:
        for application in planned.applications:
            return application.row.version
    return ""
