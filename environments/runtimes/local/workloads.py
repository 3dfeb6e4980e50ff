"""Finds workloads and images in an application's files as they stand. Never renders templates.

Two plain readings: a chart's values (`NAME: {image: {repository, tag}}`, or image as one text), and
Kubernetes manifests with a pod template. What neither shows is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from environments.runtimes.local.transitions import Workload

_POD_KINDS = {"Deployment", "StatefulSet", "DaemonSet", "Rollout", "ReplicaSet", "Job", "CronJob"}


def workloads_from_values(values: object, application: str) -> tuple[Workload, ...]:
    """One workload per mapping that carries an image; the mapping's key is its name."""
    return tuple(_in_values(values, application, 0)) if isinstance(values, dict) else ()


def workloads_from_manifests(documents: Sequence[object]) -> tuple[Workload, ...]:
    """One workload per manifest of a kind that has a pod template."""
    return tuple(w for document in documents if (w := _in_manifest(document)) is not None)


def merge_values(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Helm's rule for value files: mappings merge, everything else is replaced, null removes."""
    merged = dict(base)
    for key, value in over.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = merge_values(merged[key], value)
        else:
            merged[key] = value
    return merged


def _in_values(values: Mapping[Any, Any], name: str, depth: int) -> Iterator[Workload]:
    image = _image(values.get("image"))
    if image:
        kind = values.get("kind")
        yield Workload(
            kind if isinstance(kind, str) else "Deployment",
            name,
            image,
            _count(values.get("replicas", values.get("replicaCount"))),
        )
    if depth < 3:
        for key, value in values.items():
            if isinstance(value, dict) and key != "image":
                yield from _in_values(value, str(key), depth + 1)


def _in_manifest(document: object) -> Workload | None:
    if not isinstance(document, dict) or document.get("kind") not in _POD_KINDS:
        return None
    spec = _mapping(document.get("spec"))
    job = _mapping(_mapping(spec.get("jobTemplate")).get("spec")) if document["kind"] == "CronJob" else spec
    containers = _mapping(_mapping(job.get("template")).get("spec")).get("containers")
    images = [_image(_mapping(c).get("image")) for c in containers] if isinstance(containers, list) else []
    name = _mapping(document.get("metadata")).get("name")
    return Workload(
        str(document["kind"]),
        str(name or ""),
        next((image for image in images if image), ""),
        _count(spec.get("replicas")),
    )


def _image(value: object) -> str:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return ""
    repository, tag = value.get("repository") or value.get("name"), value.get("tag")
    if not isinstance(repository, str) or not repository:
        return ""
    registry = value.get("registry")
    whole = f"{registry}/{repository}" if isinstance(registry, str) and registry else repository
    return f"{whole}:{tag}" if isinstance(tag, (str, int, float)) and tag != "" else whole


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000 else 1


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
