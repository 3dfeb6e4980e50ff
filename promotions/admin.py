"""Flows, policies and releases in Django's admin, to look at. Never to change: pages and API judge manifests."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from products.models import PromotionTemplate
from promotions.models import Flow, Policy, Release, ReleaseEnvironment, Workflow


class ReadOnly:
    """What is changed elsewhere, under rules that this admin does not know."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Flow)
class FlowAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "version", "updated_at", "updated_by")
    search_fields = ("name",)


@admin.register(Policy, Workflow)
class DocumentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "updated_at", "updated_by")
    search_fields = ("name",)


@admin.register(PromotionTemplate)
class PromotionTemplateAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("name", "priority", "updated_at", "updated_by")
    search_fields = ("name",)


class EnvironmentInline(ReadOnly, admin.TabularInline):
    model = ReleaseEnvironment
    extra = 0
    fields = ("position", "name", "role", "status", "reason", "message", "started_at", "finished_at")


@admin.register(Release)
class ReleaseAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("__str__", "status", "reason", "flow_name", "version", "initiator", "created_at")
    list_filter = ("status", "product")
    list_select_related = ("product",)
    search_fields = ("flow_name", "product__name", "id")
    inlines = (EnvironmentInline,)
