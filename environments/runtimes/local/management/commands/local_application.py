"""Sets how an application of the local runtime behaves: latency and failures, for demos and tests."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from environments.runtimes.local.models import LocalApplication


class Command(BaseCommand):
    help = "Shows or sets the sync latency and the failure of local applications ('all' for every one)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the application's name, or 'all'")
        parser.add_argument("--latency", type=float, help="seconds that a sync operation takes")
        parser.add_argument("--rollout", type=float, help="seconds Progressing after a sync")
        parser.add_argument("--failure", choices=LocalApplication.Failure.values, help="what goes wrong")
        parser.add_argument("--message", help="the cause that a failure reports")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = LocalApplication.objects.order_by("name")
        if options["name"] != "all":
            rows = rows.filter(name=options["name"])
        if not rows.exists():
            known = ", ".join(LocalApplication.objects.order_by("name").values_list("name", flat=True))
            raise CommandError(f"The local runtime has no application {options['name']}; it has: {known}.")
        fields = {
            "latency_seconds": options["latency"],
            "rollout_seconds": options["rollout"],
            "failure": options["failure"],
            "failure_message": options["message"],
        }
        given = {name: value for name, value in fields.items() if value is not None}
        if any(isinstance(value, float) and value < 0 for value in given.values()):
            raise CommandError("Seconds cannot be negative.")
        if given:
            rows.update(**given)
        for row in rows:
            cause = f" ({row.failure_message})" if row.failure_message else ""
            self.stdout.write(
                f"{row.name}: sync {row.latency_seconds:g} s, rollout {row.rollout_seconds:g} s, "
                f"failure {row.failure}{cause}"
            )
