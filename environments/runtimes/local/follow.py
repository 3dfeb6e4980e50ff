"""Brings application rows in line with the Application manifests of a Git Source. Never compares or syncs."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from environments.git_reader import GitReadError, OpenRepositories
from environments.models import Runtime
from environments.runtimes.base import ApplicationKey, RuntimeUnreachable
from environments.runtimes.local.manifest import (
    Definition,
    NotAnApplication,
    definition_to_json,
    is_application,
    read_definition,
)
from environments.runtimes.local.models import GitSource, LocalApplication
from environments.storable import storable
from environments.yaml_text import MAX_BYTES, YamlProblem, load_documents


@dataclass(frozen=True)
class FoundManifest:
    path: str
    text: str
    definition: Definition


@dataclass(frozen=True)
class ReadSource:
    """The manifests of a Git Source at one commit, and what could not be read as one."""

    manifests: dict[ApplicationKey, FoundManifest]
    problems: tuple[str, ...]
    unreadable: frozenset[str]  # paths of files that are no YAML


def manifests_follow(runtime: Runtime, git: OpenRepositories) -> GitSource:
    """The up-to-date row of the Git Source; RuntimeUnreachable when it cannot be read at all."""
    source = GitSource.objects.filter(runtime=runtime).first()
    if source is None:
        source, _ = GitSource.objects.get_or_create(runtime=runtime)
    address = f"{runtime.git_source_url} {runtime.git_source_branch} {runtime.git_source_path}"
    try:
        tip = git.tip(runtime.git_source_url, runtime.git_source_branch)
        tree = git.get(runtime.git_source_url).object_id(tip, runtime.git_source_path) or "none"
        if (source.address, source.tree) == (address, tree):
            return source
        read = read_manifests(runtime, git, tip)
    except GitReadError as error:
        raise RuntimeUnreachable(f"The Git Source of the runtime {runtime.name}: {error}") from error
    with transaction.atomic():
        # Another process may have followed to newer manifests meanwhile: the row that we read must still stand.
        locked = GitSource.objects.select_for_update().get(pk=source.pk)
        if (locked.address, locked.tree) != (source.address, source.tree):
            return locked
        _store(runtime, read)
        locked.address, locked.tree, locked.problems = address, tree, list(read.problems)
        locked.save()
    return locked


def read_manifests(runtime: Runtime, git: OpenRepositories, tip: str) -> ReadSource:
    """Every Application manifest below the Git Source's path; the first of two with one name counts."""
    repository = git.get(runtime.git_source_url)
    directory = runtime.git_source_path.strip("/")
    manifests: dict[ApplicationKey, FoundManifest] = {}
    problems: list[str] = []
    unreadable: set[str] = set()
    for entry in repository.files(tip, directory):
        path = f"{directory}/{entry.path}" if directory else entry.path
        if not path.endswith((".yaml", ".yml", ".json")) or entry.size > MAX_BYTES:
            continue
        try:
            documents = load_documents(repository.read(tip, path) or b"")
        except YamlProblem as error:
            unreadable.add(path)
            problems.append(f"{path} in the Git Source cannot be read: {error}.")
            continue
        for document in documents:
            if not is_application(document.data):
                continue
            try:
                definition = read_definition(document)
            except NotAnApplication as error:
                problems.append(f"{path} in the Git Source: {error}")
                continue
            first = manifests.setdefault(definition.key, FoundManifest(path, document.text, definition))
            if first.definition is not definition:
                problems.append(
                    f"{path} in the Git Source defines {definition.key.namespace}/{definition.key.name}, "
                    f"as {first.path} does already; the first counts."
                )
    return ReadSource(manifests, tuple(problems), frozenset(unreadable))


def _store(runtime: Runtime, read: ReadSource) -> None:
    rows = {ApplicationKey(row.namespace, row.name): row for row in runtime.local_applications.all()}
    for key, found in read.manifests.items():
        definition = storable(definition_to_json(found.definition))
        row = rows.get(key)
        if row is None:
            LocalApplication.objects.create(
                runtime=runtime,
                namespace=key.namespace,
                name=key.name,
                manifest_path=found.path,
                manifest=found.text,
                definition=definition,
            )
        elif (row.manifest_path, row.manifest, row.definition) != (found.path, found.text, definition):
            LocalApplication.objects.filter(pk=row.pk).update(
                manifest_path=found.path,
                manifest=found.text,
                definition=definition,
                fingerprint="",
                serial=F("serial") + 1,
            )
    for key, row in rows.items():
        if key in read.manifests:
            continue
        if row.manifest_path not in read.unreadable:
            row.delete()
            continue
        # The application did not go away, its file broke: keep it and say so, as a condition would.
        problem = next(p for p in read.problems if p.startswith(f"{row.manifest_path} "))
        LocalApplication.objects.filter(pk=row.pk).update(
            definition={**row.definition, "error": problem}, fingerprint="", serial=F("serial") + 1
        )
