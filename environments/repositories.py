"""Turns the address of a Git repository into what Git is given. Never opens a repository.

`lockstep://local/NAME.git` is a bare repository kept in the data directory (DATA_DIR/git/NAME.git):
manifests can name it without knowing where the data lives. Other local addresses (file://, absolute
paths) need LOCKSTEP_ALLOW_FILE_REPOSITORIES; everything else is https or ssh.
"""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

LOCAL_PREFIX = "lockstep://local/"
_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_SCP = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:(?!//)[^\s]+\Z")


class RepositoryRefused(ValueError):
    """An address that this installation does not open; str() is a sentence."""


def local_repositories_dir() -> Path:
    """The directory that holds the `lockstep://local/` repositories."""
    return Path(settings.DATA_DIR) / "git"


def resolve_repository_url(url: str) -> str:
    """The absolute path or URL to give to Git; RepositoryRefused with the reason otherwise."""
    text = url.strip()
    scheme = urlsplit(text).scheme.lower()
    if scheme == "lockstep":
        return str(_own_repository(text))
    if scheme == "file" or text.startswith("/"):
        if not settings.ALLOW_FILE_REPOSITORIES:
            raise RepositoryRefused(
                f"The repository {url} is a local path: an operator allows these with "
                "LOCKSTEP_ALLOW_FILE_REPOSITORIES=true."
            )
        parts = urlsplit(text)
        if scheme == "file" and (parts.netloc not in {"", "localhost"} or not parts.path.startswith("/")):
            raise RepositoryRefused(f"The repository {url} is no local path: write file:///absolute/path.")
        return unquote(parts.path) if scheme == "file" else text
    if scheme in {"https", "ssh"}:
        parts = urlsplit(text)
        if not parts.hostname or parts.password or (scheme == "https" and parts.username):
            raise RepositoryRefused(
                f"The repository {parts._replace(netloc=parts.hostname or '').geturl()} needs a host and no "
                "credentials in its address: store credentials as a Git connection."
            )
        return text
    if _SCP.match(text):
        return text
    raise RepositoryRefused(
        f"The repository {_without_secrets(text)!r} is none of https://, ssh://, user@host:path and "
        f"{LOCAL_PREFIX}NAME.git."
    )


def _without_secrets(url: str) -> str:
    """The address without user name and password: it goes into logs, rows and pages."""
    return re.sub(r"//[^/]*@", "//", url)


def is_local(resolved: str) -> bool:
    """Whether a resolved address is a directory of this machine."""
    return resolved.startswith("/")


def allowed_protocols(resolved: str) -> str:
    """GIT_ALLOW_PROTOCOL for work on one resolved address: nothing that it does not need."""
    return "file" if is_local(resolved) else "https:ssh"


def _own_repository(url: str) -> Path:
    if not url.startswith(LOCAL_PREFIX):
        raise RepositoryRefused(f"The repository {url} is not known: write {LOCAL_PREFIX}NAME.git.")
    parts = url[len(LOCAL_PREFIX) :].split("/")
    root = local_repositories_dir()
    safe = all(_PART.match(part) for part in parts) and parts[-1].endswith(".git") and len(parts[-1]) > 4
    path = root.joinpath(*parts) if safe else root
    # A link inside the directory must not lead out of it.
    if not safe or not path.resolve().is_relative_to(root.resolve()):
        raise RepositoryRefused(
            f"The repository {url} is not known: after {LOCAL_PREFIX} come names of letters, digits, "
            "'.', '_' and '-', and the last ends with .git."
        )
    return path
