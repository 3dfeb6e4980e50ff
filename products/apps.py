"""Registers the products app with Django."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    name = "products"
