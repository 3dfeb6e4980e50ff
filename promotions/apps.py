"""Registers the promotions app with Django."""

from django.apps import AppConfig


class PromotionsConfig(AppConfig):
    name = "promotions"
