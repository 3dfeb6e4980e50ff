"""The Runtime port: what a GitOps engine reports and can be asked to do. Never imports an adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

SyncStatus = Literal["Synced", "OutOfSync", "Unknown"]
HealthStatus = Literal["Healthy", "Progressing", "Degraded", "Suspended", "Missing", "Unknown"]
OperationPhase = Literal["Running", "Succeeded", "Failed", "Error", "Terminating", ""]


class RuntimeFault(Exception):
    """Base of what an adapter raises; str() is a sentence for the operator."""

    retryable = True


class RuntimeUnreachable(RuntimeFault):
    """The runtime gave no answer within the timeout, or refused the connection."""


class RuntimeRefused(RuntimeFault):
    """The runtime answered no: bad credentials, forbidden, unknown application."""

    retryable = False


class ManifestRefused(RuntimeFault):
    """Text that is no valid Application manifest for this runtime; the sentence names the line."""

    retryable = False


@dataclass(frozen=True, order=True)
class ApplicationKey:
    """An application's identity inside one runtime."""

    namespace: str
    name: str


@dataclass(frozen=True)
class ApplicationSource:
    """One entry of spec.source / spec.sources of an Argo CD Application."""

    repo_url: str
    path: str = ""
    target_revision: str = "HEAD"
    chart: str = ""
    ref: str = ""
    value_files: tuple[str, ...] = ()


@dataclass(frozen=True)
class OperationState:
    """status.operationState: the last or running sync operation. Times are the runtime's clock."""

    phase: OperationPhase = ""
    message: str = ""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    revision: str = ""


@dataclass(frozen=True)
class ResourceState:
    """One workload resource and why it is in its health state."""

    kind: str
    name: str
    health: HealthStatus
    message: str = ""
    image: str = ""
    ready: str = ""  # "2/3" where the runtime knows replicas


@dataclass(frozen=True)
class ApplicationState:
    """What the runtime says of one application. All times are the RUNTIME's clock."""

    key: ApplicationKey
    project: str
    sources: tuple[ApplicationSource, ...]
    destination_cluster: str  # name or server URL, as written in the manifest
    destination_namespace: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    sync: SyncStatus
    health: HealthStatus
    health_message: str
    revisions: tuple[str, ...]  # one SHA per source, what sync compared with
    operation: OperationState
    reconciled_at: datetime | None  # status.reconciledAt: when the runtime last looked
    health_changed_at: datetime | None
    observed_at: datetime  # the runtime's clock at the moment of this answer
    images: tuple[str, ...] = ()
    resources: tuple[ResourceState, ...] = field(default=())


class Runtime(Protocol):
    """A GitOps engine. Every call has a timeout and raises only RuntimeFault subclasses."""

    def list_applications(self) -> Sequence[ApplicationState]:
        """All applications, as last reconciled; also lets the local runtime take its due steps."""

    def get_applications(self, keys: Sequence[ApplicationKey]) -> Mapping[ApplicationKey, ApplicationState]:
        """The named ones that exist, in one call."""

    def now(self) -> datetime:
        """The runtime's own clock; moments of its reports are compared with this, never with ours."""

    def refresh(self, keys: Sequence[ApplicationKey], *, hard: bool = False) -> None:
        """Ask the runtime to look at Git again now; returns once asked, not once looked."""

    def sync(self, key: ApplicationKey, *, revision: str | None = None) -> None:
        """Start a sync operation; RuntimeRefused when one is running."""

    def link(self, key: ApplicationKey) -> str:
        """A page of the runtime's own UI about the application, or ""."""

    def problems(self) -> Sequence[str]:
        """Sentences about what the last list could not make sense of as an application."""


@dataclass(frozen=True)
class ManifestChange:
    """What storing one Application manifest did, and at which path of the Git Source."""

    key: ApplicationKey
    path: str
    outcome: Literal["created", "changed", "unchanged"]


@runtime_checkable
class StoresManifests(Protocol):
    """A runtime that takes Application manifests into its own Git Source; not every one does."""

    def store_manifests(self, text: str | bytes, *, author: str, email: str) -> Sequence[ManifestChange]:
        """Commit every Application of the text that differs; all or none, and repeatable.

        Raises ManifestRefused for the text, RuntimeUnreachable and RuntimeRefused for the Git Source.
        """
