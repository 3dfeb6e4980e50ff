"""Runtimes, clusters and environments in Django's admin, to set a site up with. Never a page for promoters."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from environments.models import Cluster, Environment, EnvironmentTarget, Runtime
from environments.references import places_changed, references_to, rename_references
from environments.repositories import RepositoryRefused, resolve_repository_url
from environments.selectors import server_normalise


class RuntimeForm(forms.ModelForm):
    def clean_git_source_url(self) -> str:
        url: str = self.cleaned_data["git_source_url"]
        if url:
            try:
                resolve_repository_url(url)
            except RepositoryRefused as error:
                raise ValidationError(str(error)) from error
        return url


@admin.register(Runtime)
class RuntimeAdmin(admin.ModelAdmin):
    form = RuntimeForm
    list_display = ("name", "kind", "git_source_url", "last_seen_at", "last_error")
    readonly_fields = ("last_seen_at", "last_error")


class ClusterForm(forms.ModelForm):
    def clean_server(self) -> str | None:
        return server_normalise(self.cleaned_data["server"] or "") or None


@admin.register(Cluster)
class ClusterAdmin(admin.ModelAdmin):
    form = ClusterForm
    list_display = ("name", "server")
    search_fields = ("name", "server")


class TargetInline(admin.TabularInline):
    model = EnvironmentTarget
    extra = 1


@admin.register(Environment)
class EnvironmentAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "position")
    list_filter = ("kind",)
    inlines = (TargetInline,)

    def save_model(self, request, obj, form, change) -> None:  # type: ignore[no-untyped-def]
        before = Environment.objects.filter(pk=obj.pk).values_list("name", flat=True).first()
        super().save_model(request, obj, form, change)
        if before is not None and before != obj.name:
            rename_references(before, obj.name, request.user.get_username())

    def save_related(self, request, form, formsets, change) -> None:  # type: ignore[no-untyped-def]
        super().save_related(request, form, formsets, change)
        places_changed()

    def has_delete_permission(self, request, obj=None) -> bool:  # type: ignore[no-untyped-def]
        # A flow that names the environment would break: deleting it there says so, here it is not offered.
        return super().has_delete_permission(request, obj) and not (obj and references_to(obj.name))

    def get_actions(self, request):  # type: ignore[no-untyped-def]
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # goes around the check above
        return actions
