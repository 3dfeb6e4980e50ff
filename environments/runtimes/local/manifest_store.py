"""Commits Application manifests to a runtime's Git Source by fast-forward pushes. Never rewrites history."""

from __future__ import annotations

import os
import random
import re
import secrets
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from environments.git_reader import GitReadError, OpenRepositories, RepositoryReader
from environments.models import Runtime
from environments.repositories import allowed_protocols
from environments.runtimes.base import (
    ApplicationKey,
    ManifestChange,
    ManifestRefused,
    RuntimeRefused,
    RuntimeUnreachable,
)
from environments.runtimes.local.follow import FoundManifest, read_manifests
from environments.runtimes.local.manifest import Definition, NotAnApplication, read_definition
from environments.yaml_text import YamlProblem, load_documents

_ATTEMPTS = 6
_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?\Z")


@dataclass(frozen=True)
class _Wanted:
    definition: Definition
    text: str


def manifests_store(
    runtime: Runtime, text: str | bytes, *, author: str, email: str, now: datetime
) -> list[ManifestChange]:
    """See StoresManifests. A push that comes too late is computed again on the new tip, a few times."""
    wanted = _read(text)
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(random.uniform(0, 0.05 * 2**attempt))
        with OpenRepositories() as git:
            try:
                repository = git.get(runtime.git_source_url)
                tip = repository.branch_tip(runtime.git_source_branch)
                found = read_manifests(runtime, git, tip).manifests if tip else {}
                changes, files = _plan(runtime, repository, tip, wanted, found)
            except GitReadError as error:
                raise RuntimeUnreachable(f"The Git Source of the runtime {runtime.name}: {error}") from error
            if not files:
                return changes
            stream = _commit(tip, _message(changes), files, author=author, email=email, now=now)
            refusal = _push(repository, runtime.git_source_branch, stream)
            if refusal is None:
                return changes
            if repository.branch_tip(runtime.git_source_branch) == tip:
                raise RuntimeRefused(
                    f"The Git Source of the runtime {runtime.name} refused the commit: {refusal}"
                )
    raise RuntimeUnreachable(
        f"The Git Source of the runtime {runtime.name} changes too fast to be written: try again."
    )


def _read(text: str | bytes) -> list[_Wanted]:
    try:
        documents = load_documents(text)
    except YamlProblem as error:
        raise ManifestRefused(f"The manifests cannot be read: {error}.") from error
    if not documents:
        raise ManifestRefused("There is no manifest in the text.")
    wanted: dict[ApplicationKey, _Wanted] = {}
    for document in documents:
        try:
            definition = read_definition(document)
        except NotAnApplication as error:
            raise ManifestRefused(str(error)) from error
        name = definition.key.name
        if not _NAME.match(name) or not _NAME.match(definition.key.namespace):
            raise ManifestRefused(
                f"The Application at line {document.line} is called {definition.key.namespace}/{name}: use "
                "lower-case letters, digits, '-' and '.', starting and ending with a letter or digit."
            )
        if definition.error:
            raise ManifestRefused(f"The Application {name} at line {document.line}: {definition.error}")
        if definition.key in wanted:
            raise ManifestRefused(f"The Application {name} stands twice in the text: keep one.")
        wanted[definition.key] = _Wanted(definition, _without_separator(document.text))
    return list(wanted.values())


def _plan(
    runtime: Runtime,
    repository: RepositoryReader,
    tip: str | None,
    wanted: Sequence[_Wanted],
    found: Mapping[ApplicationKey, FoundManifest],
) -> tuple[list[ManifestChange], dict[str, bytes]]:
    """What each manifest needs, and the files to write; a changed one stays where it stands."""
    changes: list[ManifestChange] = []
    files: dict[str, bytes] = {}
    taken = {manifest.path for manifest in found.values()}
    for item in wanted:
        key, there = item.definition.key, found.get(item.definition.key)
        if there is None:
            path = _new_path(runtime, key, taken)
            taken.add(path)
            files[path] = item.text.encode()
            changes.append(ManifestChange(key, path, "created"))
        elif _without_separator(there.text) == item.text:
            changes.append(ManifestChange(key, there.path, "unchanged"))
        else:
            content = files.get(there.path) or (repository.read(tip, there.path) if tip else None) or b""
            body = _without_separator(there.text).rstrip("\n").encode()
            files[there.path] = content.replace(body, item.text.rstrip("\n").encode(), 1)
            changes.append(ManifestChange(key, there.path, "changed"))
    return changes, files


def _new_path(runtime: Runtime, key: ApplicationKey, taken: set[str]) -> str:
    root = runtime.git_source_path.strip("/")
    prefix = f"{root}/" if root else ""
    path = f"{prefix}{key.name}/application.yaml"
    return path if path not in taken else f"{prefix}{key.namespace}.{key.name}/application.yaml"


def _without_separator(text: str) -> str:
    """A document's text without the line that parts it from the one before, ending in one newline."""
    lines = text.removeprefix("\ufeff").strip("\n").split("\n")
    if re.match(r"---[ \t]*(#.*)?\r?\Z", lines[0]):
        lines = lines[1:]
    return "\n".join(lines).strip("\n") + "\n"


def _message(changes: Sequence[ManifestChange]) -> str:
    written = [change for change in changes if change.outcome != "unchanged"]
    verb = "Add" if all(change.outcome == "created" for change in written) else "Change"
    noun = "application" if len(written) == 1 else "applications"
    return f"{verb} the {noun} {', '.join(change.key.name for change in written)}"


def _commit(
    tip: str | None, message: str, files: Mapping[str, bytes], *, author: str, email: str, now: datetime
) -> bytes:
    """The commit as git fast-import reads it, without the ref that it goes to."""
    who = f"{_person(author)} <{_person(email)}> {int(now.timestamp())} +0000"
    content = f"{message}\n".encode()
    parts = [f"author {who}\ncommitter {who}\n".encode(), b"data %d\n%s\n" % (len(content), content)]
    if tip is not None:
        parts.append(f"from {tip}\n".encode())
    for path, data in files.items():
        quoted = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        parts.append(f'M 100644 inline "{quoted}"\n'.encode())
        parts.append(b"data %d\n%s\n" % (len(data), data))
    return b"".join(parts)


def _person(text: str) -> str:
    """Names and addresses in commits hold no angle brackets or control characters."""
    return "".join(c for c in text if c not in "<>" and c.isprintable()).strip() or "lockstep"


def _push(repository: RepositoryReader, branch: str, commit: bytes) -> str | None:
    """Write the commit under a ref of its own and push it to the branch; None, or why it was refused.

    It is pushed rather than set, although the repository is at hand: hooks run, only a fast-forward goes
    through, and the reflog says where the commit came from.
    """
    own = f"refs/lockstep/manifests/{secrets.token_hex(8)}"
    stream = f"commit {own}\n".encode() + commit + b"done\n"
    _git(repository, "fast-import", "--quiet", "--done", stdin=stream)
    try:
        target = f"refs/heads/{branch}"
        pushed = _git(repository, "push", "--quiet", str(repository.path), f"{own}:{target}", check=False)
        return None if pushed.returncode == 0 else _last_words(pushed.stderr)
    finally:
        _git(repository, "update-ref", "-d", own)


def _git(
    repository: RepositoryReader, *arguments: str, stdin: bytes = b"", check: bool = True
) -> subprocess.CompletedProcess[bytes]:
    path = str(repository.path)
    environ = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": allowed_protocols(path)}
    try:
        done = subprocess.run(
            ["git", "-C", path, *arguments],
            input=stdin,
            env=environ,
            capture_output=True,
            check=False,
            timeout=settings.GIT_TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeUnreachable(f"Git took too long in {repository.url}.") from error
    if check and done.returncode:
        raise RuntimeRefused(f"Git failed in {repository.url}: {_last_words(done.stderr)}")
    return done


def _last_words(stderr: bytes) -> str:
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("remote:", "!", "fatal:", "error:"))]
    return " ".join(told or lines)[:500] or "Git gave no reason."
