"""`manage.py apply -f FILE_OR_DIR`: imports manifests of every kind, all or none. Never guesses a kind."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.models import Role, User
from accounts.permissions import NotAllowed
from environments.errors import DomainError
from environments.runtimes.base import RuntimeFault
from promotions.services.apply import Applied, ApplyRefused, Text, manifests_apply

SUFFIXES = {".yaml", ".yml", ".json"}
LIMIT = 1024 * 1024  # bytes of one file, as the API's


class Command(BaseCommand):
    help = "Imports manifests from files and directories, all or none; repeatable. Reports what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "-f",
            "--file",
            action="append",
            required=True,
            metavar="FILE_OR_DIR",
            help="A file, a directory (its .yaml, .yml and .json files, also below), or - for standard input.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Check and report; change nothing.")
        parser.add_argument("--user", help="Who applies; default: the first administrator.")

    def handle(self, *args: Any, **options: Any) -> None:
        texts = [text for place in options["file"] for text in _texts(place)]
        try:
            applied = manifests_apply(user=_user(options["user"]), texts=texts, dry_run=options["dry_run"])
        except ApplyRefused as error:
            raise CommandError(_listed(error)) from error
        except (NotAllowed, DomainError, RuntimeFault) as error:
            raise CommandError(f"Nothing was applied. {error}") from error
        self._report(applied, dry_run=options["dry_run"])

    def _report(self, applied: list[Applied], *, dry_run: bool) -> None:
        for one in applied:
            self.stdout.write(f"{one.kind}/{one.name} {one.outcome}{' (dry run)' if dry_run else ''}")


def _texts(place: str) -> list[Text]:
    if place == "-":
        return [_text("standard input", sys.stdin.buffer.read(LIMIT + 1))]
    path = Path(place)
    if not path.is_dir():
        return [_file(path)]
    files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and _is_shown(file, path))
    if not files:
        raise CommandError(f"{place} has no .yaml, .yml or .json file.")
    return [_file(file) for file in files]


def _is_shown(file: Path, below: Path) -> bool:
    """Hidden directories (.git) hold no manifests that somebody means."""
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(below).parts)


def _file(file: Path) -> Text:
    try:
        with file.open("rb") as source:
            return _text(str(file), source.read(LIMIT + 1))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _text(name: str, content: bytes) -> Text:
    if len(content) > LIMIT:
        raise CommandError(f"{name} is larger than 1 MiB: split it.")
    return Text(name, content)


def _user(name: str | None) -> User:
    if name is not None:
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {name}.")
        return user
    administrators = User.objects.filter(Q(role=Role.ADMINISTRATOR) | Q(is_superuser=True), is_active=True)
    user = administrators.order_by("pk").first()
    if user is None:
        raise CommandError("There is no administrator yet: start once with `manage.py up`, or name --user.")
    return user


def _listed(error: ApplyRefused) -> str:
    lines = [
        f"{each.file}:{each.problem.line}:{each.problem.column}: {each.problem.severity}: "
        f"{each.problem.message}"
        for each in error.problems
    ]
    return "\n".join(["Nothing was applied.", *lines])
