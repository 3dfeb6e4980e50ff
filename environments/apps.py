"""Registers the environments app with Django."""

from django.apps import AppConfig


class EnvironmentsConfig(AppConfig):
    name = "environments"
