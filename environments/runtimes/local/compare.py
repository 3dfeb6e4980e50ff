"""Works out what Git asks of one application: revisions, a digest of what would be applied, workloads.

Never raises for an application's own mistakes: those become the error that Argo CD would show as a
ComparisonError. Values and manifests count by their data, so that a comment changes nothing;
templates and other files count by their bytes.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from environments.git_reader import FileEntry, GitReadError, OpenRepositories
from environments.runtimes.base import ApplicationSource
from environments.runtimes.local.manifest import Definition
from environments.runtimes.local.transitions import Desired, Workload
from environments.runtimes.local.workloads import (
    merge_values,
    workloads_from_manifests,
    workloads_from_values,
)
from environments.yaml_text import MAX_BYTES, YamlProblem, load_documents


@dataclass(frozen=True)
class Comparison:
    desired: Desired
    fingerprint: str  # of everything that was read


class _Wrong(Exception):
    """Something about the application itself; str() is the condition's sentence."""


@dataclass(frozen=True)
class _ValueFile:
    shown: str
    url: str
    sha: str
    path: str
    object_id: str


def resolve_revisions(
    definition: Definition, git: OpenRepositories, pinned: str | None = None
) -> tuple[str, ...]:
    """One SHA per source; `pinned` replaces the first source's revision. GitReadError when unknown."""
    return tuple(
        git.tip(source.repo_url, pinned if pinned and number == 0 else source.target_revision)
        for number, source in enumerate(definition.sources)
    )


def compare(
    definition: Definition,
    git: OpenRepositories,
    *,
    before: Desired,
    fingerprint: str = "",
    pinned: str | None = None,
) -> Comparison:
    """What Git asks for now. With the fingerprint of `before`, files that did not change are not read."""
    revisions = before.revisions
    try:
        if definition.error:
            raise _Wrong(definition.error)
        _refuse_charts(definition)
        revisions = resolve_revisions(definition, git, pinned)
        values = _value_files(definition, revisions, git)
        found = _fingerprint(definition, revisions, values, git)
        if fingerprint and found == fingerprint and before.digest:
            return Comparison(replace(before, revisions=revisions, error=""), found)
        digest, workloads = _render(definition, revisions, values, git)
    except (_Wrong, GitReadError) as error:
        return Comparison(replace(before, revisions=revisions, error=str(error)), "")
    return Comparison(Desired(revisions, digest, workloads), found)


def _refuse_charts(definition: Definition) -> None:
    for source in definition.sources:
        if source.chart:
            raise _Wrong(
                f"The local runtime follows Git only; the chart {source.chart} of {source.repo_url} "
                "comes from a chart repository."
            )


def _value_files(
    definition: Definition, revisions: tuple[str, ...], git: OpenRepositories
) -> tuple[tuple[_ValueFile, ...], ...]:
    """Per source its value files, relative to its path, or `$ref/...` in another source's repository."""
    refs = {s.ref: (s.repo_url, sha) for s, sha in zip(definition.sources, revisions, strict=True) if s.ref}
    result = []
    for number, source in enumerate(definition.sources):
        files = []
        for shown in source.value_files:
            url, sha, path = source.repo_url, revisions[number], posixpath.join(source.path, shown)
            if shown.startswith("/"):
                path = shown
            if shown.startswith("$"):
                name, _, path = shown[1:].partition("/")
                if name not in refs:
                    raise _Wrong(
                        f"The value file {shown} names the source ${name}, which no source has as ref."
                    )
                url, sha = refs[name]
            path = posixpath.normpath(path).lstrip("/")
            if path.startswith(".."):
                raise _Wrong(f"The value file {shown} is outside of its repository.")
            object_id = git.get(url).object_id(sha, path)
            if object_id is None:
                if definition.ignore_missing_value_files[number]:
                    continue
                raise _Wrong(f"The value file {path} does not exist in {url} at {sha[:7]}.")
            files.append(_ValueFile(shown, url, sha, path, object_id))
        result.append(tuple(files))
    return tuple(result)


def _fingerprint(
    definition: Definition,
    revisions: tuple[str, ...],
    values: tuple[tuple[_ValueFile, ...], ...],
    git: OpenRepositories,
) -> str:
    parts: list[str] = []
    for source, sha, files in zip(definition.sources, revisions, values, strict=True):
        if source.path:
            object_id = git.get(source.repo_url).object_id(sha, source.path)
            if object_id is None:
                raise _Wrong(f"The path {source.path} does not exist in {source.repo_url} at {sha[:7]}.")
            parts += [source.path, object_id]
        parts += [f"{file.shown}={file.object_id}" for file in files]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _render(
    definition: Definition,
    revisions: tuple[str, ...],
    values: tuple[tuple[_ValueFile, ...], ...],
    git: OpenRepositories,
) -> tuple[str, tuple[Workload, ...]]:
    digest = hashlib.sha256()
    workloads: list[Workload] = []
    for source, sha, files in zip(definition.sources, revisions, values, strict=True):
        if not source.path:
            continue
        entries = git.get(source.repo_url).files(sha, source.path)
        if not entries:
            raise _Wrong(f"The path {source.path} of {source.repo_url} is no directory with files.")
        data: dict[str, list[Any]] = {}

        def read(entry: FileEntry, source: ApplicationSource = source, sha: str = sha) -> list[Any]:
            path = posixpath.join(source.path, entry.path)
            return _documents(git, source.repo_url, sha, path)

        for entry in entries:
            digest.update(f"{entry.path}\0{_content_id(entry, read, data)}\0".encode())
        is_chart = "Chart.yaml" in data
        merged = _first_mapping(data.get("values.yaml", []))
        for file in files:
            documents = _documents(git, file.url, file.sha, file.path)
            digest.update(f"{file.shown}\0{_canonical(documents)}\0".encode())
            merged = merge_values(merged, _first_mapping(documents))
        if is_chart:
            workloads += workloads_from_values(merged, definition.key.name)
        else:
            workloads += workloads_from_manifests([item for docs in data.values() for item in docs])
    return digest.hexdigest(), tuple(workloads)


def _content_id(entry: FileEntry, read: Callable[[FileEntry], list[Any]], data: dict[str, list[Any]]) -> str:
    is_template = entry.path.startswith("templates/") or "/templates/" in entry.path
    if is_template or not entry.path.endswith((".yaml", ".yml", ".json")) or entry.size > MAX_BYTES:
        return entry.object_id
    data[entry.path] = read(entry)
    return _canonical(data[entry.path])


def _documents(git: OpenRepositories, url: str, sha: str, path: str) -> list[Any]:
    content = git.get(url).read(sha, path)
    if content is None:
        raise _Wrong(f"{path} in {url} at {sha[:7]} is no file.")
    try:
        return [document.data for document in load_documents(content)]
    except YamlProblem as error:
        raise _Wrong(f"{path} in {url} at {sha[:7]} cannot be read: {error}.") from error


def _canonical(documents: list[Any]) -> str:
    text = json.dumps(_plain(documents), sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """JSON can only sort keys of one type; YAML has keys of several."""
    if isinstance(value, dict):
        return {f"{type(key).__name__}:{key}": _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _first_mapping(documents: list[Any]) -> dict[str, Any]:
    return documents[0] if documents and isinstance(documents[0], dict) else {}
