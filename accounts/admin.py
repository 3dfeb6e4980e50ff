"""Users, their roles and their tokens in Django's admin. Never shows a token twice, never a digest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as FrameworkUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import ApiToken, Role, User
from accounts.services import token_create

admin.site.unregister(Group)  # roles decide, groups would only look as if they did


class UserCreateForm(AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("username", "role")


class UserForm(UserChangeForm):
    """Refuses what would leave the site without an administrator."""

    class Meta(UserChangeForm.Meta):
        model = User

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        stays = cleaned.get("role") == Role.ADMINISTRATOR and cleaned.get("is_active")
        others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=self.instance.pk)
        was = self.instance.pk and User.objects.filter(pk=self.instance.pk, is_superuser=True, is_active=True)
        if was and was.exists() and not stays and not others.exists():
            raise ValidationError("This is the only administrator: make somebody else one first.")
        return dict(cleaned)


class TokenInline(admin.TabularInline):
    model = ApiToken
    extra = 0
    fields = readonly_fields = ("name", "created_at", "expires_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a new token is made on its own page, where its text can be shown


@admin.register(User)
class UserAdmin(FrameworkUserAdmin):
    form = UserForm
    add_form = UserCreateForm
    list_display = ("username", "email", "role_shown", "is_active", "last_login")
    list_filter = ("role", "is_active")
    ordering = ("username",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Access", {"fields": ("role", "is_active")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "usable_password", "password1", "password2", "role")}),)

    @admin.display(description="role")
    def role_shown(self, user: User) -> str:
        return user.effective_role.label

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[type[TokenInline]]:
        return [] if obj is None else [TokenInline]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> User | None:
        user = super().get_object(request, object_id, from_field)
        if user is not None:
            user.role = user.effective_role  # a superuser of the command line is an administrator here
        return user

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        # The role is the one switch; Django's own flags follow it.
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.pk != request.user.pk)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)  # it would go around the check above
        return actions


class TokenForm(forms.ModelForm):
    class Meta:
        model = ApiToken
        fields = ("user", "name", "expires_at")

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if not user.is_active:
            raise ValidationError(f"{user} is switched off, so a token would not work.")
        return user


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    form = TokenForm
    list_display = ("name", "user", "created_at", "expires_at")
    list_select_related = ("user",)
    search_fields = ("name", "user__username")

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return False  # a token is made and deleted, never changed

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        made, text = token_create(by=request.user, user=obj.user, name=obj.name, expires_at=obj.expires_at)
        obj.pk, obj.digest, obj.created_at = made.pk, made.digest, made.created_at
        messages.warning(request, f"Copy the token now, it is not shown again: {text}")
