"""Registers the products app with Django, and what happens to applications when places change."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"

    def ready(self) -> None:
        from environments.references import on_places_changed
        from products.services import applications_place

        on_places_changed(applications_place)
