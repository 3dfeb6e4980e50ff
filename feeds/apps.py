"""Registers the feeds app with Django."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"

    def ready(self) -> None:
        from feeds import revocation

        revocation.connect()
