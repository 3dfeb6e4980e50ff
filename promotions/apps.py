"""Registers the promotions app with Django, and what happens to flows when environments change."""

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "promotions"

    def ready(self) -> None:
        from environments.references import on_rename, referenced_by
        from products.versions import version_reader_register
        from promotions.selectors.deployed_versions import template_version
        from promotions.services.flow_environments import environment_references_rename, flow_references

        version_reader_register(template_version)
        on_rename(environment_references_rename)
        referenced_by(flow_references)
