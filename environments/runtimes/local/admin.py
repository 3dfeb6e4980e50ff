"""The local runtime's applications in Django's admin: how long a sync takes, how it fails. Never their state."""

from __future__ import annotations

from django.contrib import admin

from environments.runtimes.local.models import LocalApplication


@admin.register(LocalApplication)
class LocalApplicationAdmin(admin.ModelAdmin):
    list_display = (
        "name",
        "namespace",
        "runtime",
        "health_status",
        "failure",
        "latency_seconds",
        "rollout_seconds",
    )
    list_filter = ("runtime", "failure")
    search_fields = ("name",)
    fields = (
        "runtime",
        "namespace",
        "name",
        "latency_seconds",
        "rollout_seconds",
        "failure",
        "failure_message",
        "auto_sync",
    )
    readonly_fields = ("runtime", "namespace", "name")

    def has_add_permission(self, request) -> bool:  # type: ignore[no-untyped-def]
        return False  # applications come from the Git Source

    def save_model(self, request, obj, form, change) -> None:  # type: ignore[no-untyped-def]
        # Only what was edited: whoever lists meanwhile may have moved the state on.
        LocalApplication.objects.filter(pk=obj.pk).update(
            **{name: form.cleaned_data[name] for name in form.changed_data}
        )

    def has_delete_permission(self, request, obj=None) -> bool:  # type: ignore[no-untyped-def]
        return False
