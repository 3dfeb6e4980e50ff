"""Reads Argo CD Application manifests into plain definitions. Never reads Git or rows.

Fields and defaults follow Argo CD's Application: `spec.sources` wins over `spec.source`, an absent
targetRevision is HEAD, an absent project is "default", an absent namespace is "argocd".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from environments.runtimes.base import ApplicationKey, ApplicationSource
from environments.yaml_text import YamlDocument

DEFAULT_NAMESPACE = "argocd"


@dataclass(frozen=True)
class Definition:
    """What one manifest asks for; `error` says what is wrong with its spec, "" when nothing is."""

    key: ApplicationKey
    project: str = "default"
    sources: tuple[ApplicationSource, ...] = ()
    ignore_missing_value_files: tuple[bool, ...] = ()
    destination_cluster: str = ""
    destination_namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    automated: bool = False
    error: str = ""


class NotAnApplication(ValueError):
    """The document is no Application, or one without a usable name."""


def is_application(data: object) -> bool:
    """Whether a document claims to be an Argo CD Application."""
    return (
        isinstance(data, dict)
        and data.get("kind") == "Application"
        and str(data.get("apiVersion", "")).startswith("argoproj.io/")
    )


def read_definition(document: YamlDocument) -> Definition:
    """The definition; a wrong spec is an `error` in it, only a nameless document raises NotAnApplication."""
    data = document.data
    if not is_application(data):
        raise NotAnApplication(f"The document at line {document.line} is no Argo CD Application.")
    metadata = _mapping(data.get("metadata"))
    name, namespace = metadata.get("name"), metadata.get("namespace") or DEFAULT_NAMESPACE
    if not isinstance(name, str) or not name or not isinstance(namespace, str):
        raise NotAnApplication(f"The Application at line {document.line} has no metadata.name.")
    if len(name) > 253 or len(namespace) > 63 or "\0" in name + namespace:
        raise NotAnApplication(
            f"The Application at line {document.line} has too long a name or namespace, or a null character in it."
        )
    spec = _mapping(data.get("spec"))
    raw = spec.get("sources") if isinstance(spec.get("sources"), list) else None
    raw = raw or ([spec["source"]] if isinstance(spec.get("source"), dict) else [])
    sources = [_mapping(source) for source in raw]
    destination = _mapping(spec.get("destination"))
    policy = _mapping(spec.get("syncPolicy")).get("automated")
    definition = Definition(
        key=ApplicationKey(namespace, name),
        project=_text(spec.get("project")) or "default",
        sources=tuple(_source(source) for source in sources),
        ignore_missing_value_files=tuple(
            bool(_mapping(source.get("helm")).get("ignoreMissingValueFiles")) for source in sources
        ),
        destination_cluster=_text(destination.get("name")) or _text(destination.get("server")),
        destination_namespace=_text(destination.get("namespace")),
        labels=_texts(metadata.get("labels")),
        annotations=_texts(metadata.get("annotations")),
        automated=isinstance(policy, dict) and policy.get("enabled", True) is not False,
    )
    return Definition(**{**definition.__dict__, "error": _spec_error(definition, destination)})


def _spec_error(definition: Definition, destination: dict[str, Any]) -> str:
    if not definition.sources:
        return "The manifest has neither spec.source nor spec.sources."
    for number, source in enumerate(definition.sources, 1):
        if not source.repo_url:
            return f"Source {number} of the manifest has no repoURL."
        if not source.path and not source.chart and not source.ref:
            return f"Source {number} of the manifest has neither path, chart nor ref."
    if not definition.destination_cluster:
        return "The manifest has no spec.destination.server and no spec.destination.name."
    if destination.get("name") and destination.get("server"):
        return "The manifest's spec.destination has both a name and a server: keep one."
    return ""


def _source(data: dict[str, Any]) -> ApplicationSource:
    helm = _mapping(data.get("helm"))
    files = helm.get("valueFiles")
    return ApplicationSource(
        repo_url=_text(data.get("repoURL")),
        path=_text(data.get("path")).strip("/"),
        target_revision=_text(data.get("targetRevision")) or "HEAD",
        chart=_text(data.get("chart")),
        ref=_text(data.get("ref")),
        value_files=tuple(_text(item) for item in files) if isinstance(files, list) else (),
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value)


def _texts(value: object) -> dict[str, str]:
    return {str(key): _text(item) for key, item in _mapping(value).items()}


def definition_to_json(definition: Definition) -> dict[str, Any]:
    """The definition as a row keeps it; equal to what the row gives back, so lists and no tuples."""
    return {
        **definition.__dict__,
        "key": [definition.key.namespace, definition.key.name],
        "sources": [
            {**source.__dict__, "value_files": list(source.value_files)} for source in definition.sources
        ],
        "ignore_missing_value_files": list(definition.ignore_missing_value_files),
    }


def definition_from_json(data: dict[str, Any]) -> Definition:
    """What definition_to_json wrote."""
    return Definition(
        **{
            **data,
            "key": ApplicationKey(*data["key"]),
            "sources": tuple(
                ApplicationSource(**{**source, "value_files": tuple(source["value_files"])})
                for source in data["sources"]
            ),
            "ignore_missing_value_files": tuple(data["ignore_missing_value_files"]),
        }
    )
