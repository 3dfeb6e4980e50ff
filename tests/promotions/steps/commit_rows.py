"""One release whose environments stand ready to commit to a real remote."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from promotions.models import (
    PushIntent,
    Release,
    ReleaseApplication,
    ReleaseEnvironment,
    SourceBlob,
    SourceFile,
    Step,
)
from promotions.services import step_execute
from promotions.services.step_run import leases_expire
from tests.promotions.repos.git_remotes import Remote
from tests.promotions.services.light_rows import light_release, lose_workers, put, step_of

CHART = "name: shop\nversion: {}\n"
PLACES = ("qa", "eu", "asia")
TEMPLATE = {
    "versionSource": {"file": "Chart.yaml", "jsonPath": "$.version"},
    "promotion": {"Chart.yaml": ["$.version"]},
}


class Wave:
    """dev -> qa, eu, asia, all at once; `run` is one worker's commit task."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.base = remote.outsider_pushes(
            {f"apps/{place}/Chart.yaml": CHART.format(1) for place in PLACES}, "Start"
        )
        self.release = self.make_release()

    def make_release(self, product: str = "shop", **columns: Any) -> Release:
        release = light_release(
            "dev > qa eu asia", product=product, done=["dev"], template=TEMPLATE, version="2", **columns
        )
        ReleaseApplication.objects.filter(environment__release=release).update(repository=self.remote.url)
        for place in PLACES:
            put(release, place, "PENDING", "PENDING")
        Step.objects.filter(release=release, kind="await_sync", environment__role="TARGET").update(
            is_ready=False
        )
        self.freeze(release, {"Chart.yaml": CHART.format(2).encode()})
        return release

    def freeze(self, release: Release, files: Mapping[str, bytes], mode: str = "100644") -> None:
        SourceFile.objects.filter(release=release).delete()
        for path, content in files.items():
            digest = hashlib.sha256(content).hexdigest()
            SourceBlob.objects.get_or_create(digest=digest, defaults={"content": content})
            SourceFile.objects.create(release=release, path=path, blob_id=digest, mode=mode)

    def promote(self, promotion: Any) -> None:
        Release.objects.filter(pk=self.release.pk).update(template={**TEMPLATE, "promotion": promotion})

    def run(self, branch: str = "main") -> None:
        step_execute.commit_steps(repository=self.remote.url, branch=branch, task_id="t", worker="w")

    def lose_worker(self) -> None:
        """The worker of all running steps died long ago."""
        lose_workers()
        leases_expire()
        PushIntent.objects.update(created_at=Now() - timedelta(hours=1))

    def only(self, *places: str) -> None:
        Step.objects.filter(release=self.release, kind="commit").exclude(environment__name__in=places).update(
            is_ready=False
        )

    def ready(self, *places: str) -> None:
        Step.objects.filter(kind="commit", environment__name__in=places).update(is_ready=True)

    def step(self, place: str) -> Step:
        return step_of(self.release, place, "commit")

    def application(self, place: str) -> ReleaseApplication:
        return ReleaseApplication.objects.get(
            environment=ReleaseEnvironment.objects.get(release=self.release, name=place),
            name=f"shop-{place}",
        )

    def states(self) -> dict[str, tuple[str, str]]:
        rows = Step.objects.filter(release=self.release, kind="commit").order_by("environment__position")
        return {row.environment.name: (row.status, row.reason) for row in rows.select_related("environment")}

    def versions(self) -> list[str]:
        found = [self.remote.read(f"apps/{place}/Chart.yaml") for place in PLACES]
        return [text.split("version: ")[1].split()[0] for text in found]

    def open_intents(self) -> int:
        return PushIntent.objects.filter(state="PENDING").count()
