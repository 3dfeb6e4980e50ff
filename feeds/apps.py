"""Registers the feeds app with Django."""

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    name = "feeds"
