"""Registers the local runtime's rows with Django."""

from django.apps import AppConfig


class LocalRuntimeConfig(AppConfig):
    name = "environments.runtimes.local"
    label = "local_runtime"
    verbose_name = "Local runtime"
