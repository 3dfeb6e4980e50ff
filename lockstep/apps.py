"""Registers the project package with Django, for its commands, checks and template tags."""

from django.apps import AppConfig


class LockstepConfig(AppConfig):
    name = "lockstep"

    def ready(self) -> None:
        from lockstep import checks  # noqa: F401 - importing registers them
