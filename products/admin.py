"""Products and applications in Django's admin. Never changes what discovery writes."""

from __future__ import annotations

from django.contrib import admin

from products.models import Application, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ("name", "description", "concurrency", "template")
    search_fields = ("name",)
    fields = ("name", "description", "labels", "tags", "concurrency", "template", "restricted_to")

    def get_readonly_fields(self, request, obj=None):  # type: ignore[no-untyped-def]
        return ("name",) if obj else ()  # releases, events and annotations speak of it by name

    def save_model(self, request, obj, form, change) -> None:  # type: ignore[no-untyped-def]
        if {"description", "labels", "concurrency", "template"} & set(form.changed_data):
            obj.manifest = obj.etag = ""  # the stored text would no longer be true
        super().save_model(request, obj, form, change)


@admin.register(Application)
class ApplicationAdmin(admin.ModelAdmin):
    list_display = ("name", "namespace", "runtime", "product", "environment", "sync_status", "health_status")
    list_filter = ("runtime", "environment", "product")
    list_select_related = ("runtime", "product", "environment")
    search_fields = ("name",)

    def has_add_permission(self, request) -> bool:  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None) -> bool:  # type: ignore[no-untyped-def]
        return False

    def has_delete_permission(self, request, obj=None) -> bool:  # type: ignore[no-untyped-def]
        return False
