"""Reads settings from environment variables and refuses odd values. Never reads Django settings.

Each setting may come as NAME or as NAME_FILE (a path whose content is the value), so that
secrets need not stand in the process environment.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit


class WrongSetting(SystemExit):
    """A setting that the product cannot start with; the message is one sentence for the operator."""


def read(name: str, default: str | None = None, *, environ: Mapping[str, str] | None = None) -> str | None:
    """The text of a setting from NAME or NAME_FILE; WrongSetting when both or an unreadable file."""
    environ = os.environ if environ is None else environ
    value, file = environ.get(name), environ.get(f"{name}_FILE")
    if value is not None and file is not None:
        raise WrongSetting(f"{name} and {name}_FILE are both set: keep one of them.")
    if file is not None:
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\n")
        except OSError as error:
            raise WrongSetting(
                f"{name}_FILE names {file}, which cannot be read: {error.strerror}."
            ) from error
    return default if value is None or value == "" else value


def read_bool(name: str, default: bool) -> bool:
    """`true/1/yes/on` or `false/0/no/off`, any case."""
    text = read(name)
    if text is None:
        return default
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise WrongSetting(f"{name} is {text!r}: write true or false.")


def read_seconds(name: str, default: float, *, low: float = 0.0, high: float = 86_400.0) -> float:
    """A duration in seconds between low and high."""
    text = read(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise WrongSetting(f"{name} is {text!r}: write a number of seconds.") from error
    if not low <= value <= high:
        raise WrongSetting(f"{name} is {text}: write seconds from {low:g} to {high:g}.")
    return value


def database_from_url(url: str, *, name: str = "DATABASE_URL") -> dict[str, object]:
    """Django's DATABASES entry for postgres://user:password@host:port/name or sqlite:///file."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        if not parts.path.strip("/"):
            raise WrongSetting(
                f"{name} names no database: write postgres://user:password@host:5432/lockstep."
            )
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.strip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"connect_timeout": 5},
        }
    if parts.scheme == "sqlite":
        # sqlite:///FILE and the usual spelling with a fourth slash both name an absolute path.
        return sqlite_database(Path("/" + unquote(parts.path).lstrip("/")))
    raise WrongSetting(
        f"{name} starts with {parts.scheme or 'nothing'}: write postgres://... or sqlite:///FILE."
    )


def sqlite_database(file: Path) -> dict[str, object]:
    """SQLite that many processes share: WAL, immediate transactions, a busy timeout, durable commits."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
        },
    }


def check_redis_url(url: str) -> str:
    """The URL unchanged; WrongSetting unless it is redis://, rediss:// or unix:// (a socket file)."""
    scheme = urlsplit(url).scheme
    if scheme not in {"redis", "rediss", "unix"}:
        raise WrongSetting(
            f"REDIS_URL starts with {scheme or 'nothing'}: write redis://host:6379 or unix:///socket."
        )
    return url


def broker_url(redis_url: str) -> str:
    """Celery's spelling of the same server, database 0 (kombu names sockets redis+socket://)."""
    parts = urlsplit(redis_url)
    if parts.scheme == "unix":
        return f"redis+socket://{parts.path}?virtual_host=0"
    return redis_url


def channel_host(redis_url: str) -> str:
    """channels-redis' spelling of the same server; pub/sub does not care for database numbers."""
    return redis_url
