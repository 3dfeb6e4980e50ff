"""What a git child may see and do: its environment, the URLs allowed, secrets kept out. Runs nothing."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from promotions.repos.base import Credentials, InvalidRepositoryUrl

ASKPASS = Path(__file__).with_name("askpass.sh")

# Slower than this for so long means that the connection is dead (git's own low-speed rule, http only).
LOW_SPEED_BYTES_PER_SECOND = 500
LOW_SPEED_SECONDS = 20

_SCP_LIKE = re.compile(r"^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9.-]+:(?!/?/)[^\s]+$")
_USERINFO = re.compile(r"(?<=://)[^/\s@']+@")


def checked_url(url: str, *, allow_file: bool) -> str:
    """The URL in the form that names its mirror. Raises InvalidRepositoryUrl, never quoting a password."""
    text = url.strip()
    if not text or text.startswith("-") or any(ord(character) < 32 for character in text):
        raise InvalidRepositoryUrl("The repository URL is empty or starts with an option.")
    if text.startswith(("/", "file://")):
        if not allow_file:
            raise InvalidRepositoryUrl(
                f"Repositories on this machine's disk are not allowed ({text}). "
                "Set LOCKSTEP_ALLOW_FILE_REPOSITORIES=true to allow them."
            )
        return text.rstrip("/")
    if "://" not in text and _SCP_LIKE.match(text):
        return text.rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in {"https", "ssh"} or not parts.hostname:
        raise InvalidRepositoryUrl(
            f"The repository URL {scrub(text)} is not allowed. Use https://host/path or ssh://user@host/path."
        )
    if parts.password is not None:
        raise InvalidRepositoryUrl(
            f"The repository URL of {parts.hostname} contains a password. "
            "Take it out and give the password to the Git connection instead."
        )
    return text.rstrip("/")


def child_environment(
    url: str, *, credentials: Credentials | None, allow_file: bool, inherited: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """Variables to set for git children that talk to `url`; everything else is inherited.

    The service account's own Git configuration stays in force (insteadOf, proxies, CA bundles, known
    hosts). Ours is added behind it as environment configuration, which no file can override.
    """
    configuration = {
        # A redirect to another host would carry the request, and perhaps the password, there.
        "http.followRedirects": "false",
        # Automatic garbage collection detaches itself and would outlive the worker; see Mirror.compact.
        "gc.auto": "0",
        "maintenance.auto": "false",
        # One flush for all objects of an import instead of one for each.
        "core.fsyncMethod": "batch",
    }
    variables = {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "https:ssh:file" if allow_file else "https:ssh",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_HTTP_LOW_SPEED_LIMIT": str(LOW_SPEED_BYTES_PER_SECOND),
        "GIT_HTTP_LOW_SPEED_TIME": str(LOW_SPEED_SECONDS),
        # Without a program of ours, nobody can answer: never open a window on somebody's desk.
        "GIT_ASKPASS": "true",
        "SSH_ASKPASS_REQUIRE": "never",
    }
    if credentials is not None:
        # The account's credential helpers would be asked first and told to store what worked.
        configuration["credential.helper"] = ""
        variables["GIT_ASKPASS"] = str(ASKPASS)
        variables["LOCKSTEP_GIT_ORIGIN"] = _origin(url)
        variables["LOCKSTEP_GIT_USERNAME"] = credentials.username
        variables["LOCKSTEP_GIT_PASSWORD"] = credentials.password
    first = int(inherited.get("GIT_CONFIG_COUNT") or 0)
    for number, (key, value) in enumerate(configuration.items(), start=first):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    variables["GIT_CONFIG_COUNT"] = str(first + len(configuration))
    return variables


def scrub(text: str, *secrets: str) -> str:
    """The text without user names and passwords in URLs and without the given secrets."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return _USERINFO.sub("***@", text)


def _origin(url: str) -> str:
    """`host` or `host:port` as git spells it in a password prompt."""
    return urlsplit(url).netloc.rpartition("@")[2]
