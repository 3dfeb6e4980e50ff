"""Django's admin: users with a role, tokens shown once, and what it must not offer."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from accounts.credentials import token_digest
from accounts.models import ApiToken, Role, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_superuser("ada", password="correct horse battery")


@pytest.fixture
def site(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def save_user(site: Client, user: User, **changes: object):
    fields = {"username": user.username, "role": user.role, "is_active": "on", **changes}
    inline = {
        f"tokens-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    body = {name: value for name, value in {**fields, **inline}.items() if value is not None}
    return site.post(reverse("admin:accounts_user_change", args=[user.pk]), body)


@pytest.mark.parametrize("model", list(admin.site._registry), ids=lambda model: model._meta.label_lower)
def test_every_list_and_form_opens(site: Client, model: type) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert site.get(reverse(f"{name}_changelist"), {"q": ""}).status_code == 200
    assert site.get(reverse(f"{name}_add")).status_code in {200, 403}


def test_a_new_person_gets_the_chosen_role_and_no_more(site: Client) -> None:
    answer = site.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "paul",
            "usable_password": "true",
            "password1": "correct horse battery",
            "password2": "correct horse battery",
            "role": Role.PROMOTER,
        },
    )
    assert answer.status_code == 302, answer.content
    paul = User.objects.get(username="paul")
    assert (paul.role, paul.is_staff, paul.is_superuser) == (Role.PROMOTER, False, False)


def test_a_new_administrator_reaches_the_admin_and_a_former_one_does_not(site: Client) -> None:
    paul = User.objects.create_user("paul")
    assert save_user(site, paul, role=Role.ADMINISTRATOR).status_code == 302
    other = Client()
    other.force_login(User.objects.get(username="paul"))
    assert other.get(reverse("admin:environments_environment_add")).status_code == 200
    assert save_user(site, paul, role=Role.VIEWER).status_code == 302
    assert other.get(reverse("admin:environments_environment_add")).status_code == 302


def test_a_superuser_of_the_command_line_stays_administrator_when_saved(site: Client, ada: User) -> None:
    page = site.get(reverse("admin:accounts_user_change", args=[ada.pk]))
    assert page.context["adminform"].form["role"].value() == Role.ADMINISTRATOR


@pytest.mark.parametrize("change", [{"role": Role.VIEWER}, {"role": Role.ADMINISTRATOR, "is_active": None}])
def test_the_only_administrator_stays(site: Client, ada: User, change: dict) -> None:
    answer = save_user(site, ada, **change)
    assert answer.status_code == 200
    assert "only administrator" in answer.content.decode()
    ada.refresh_from_db()
    assert ada.is_superuser
    assert ada.is_active


def test_nobody_deletes_themselves(site: Client, ada: User) -> None:
    assert site.post(reverse("admin:accounts_user_delete", args=[ada.pk]), {"post": "yes"}).status_code == 403


def test_a_token_is_shown_once_and_stored_as_digest_alone(site: Client, ada: User) -> None:
    answer = site.post(reverse("admin:accounts_apitoken_add"), {"user": ada.pk, "name": "ci"})
    assert answer.status_code == 302, answer.content
    (message,) = [str(m) for m in get_messages(answer.wsgi_request) if "Copy the token" in str(m)]
    text = re.search(r"lst_\S+", message).group()  # type: ignore[union-attr]
    token = ApiToken.objects.get()
    assert token.digest == token_digest(text)
    assert Client().get("/api/flows/", headers={"authorization": f"Bearer {text}"}).status_code == 200
    shown = site.get(reverse("admin:accounts_apitoken_changelist")).content.decode()
    assert text in shown  # the message, on the next page
    again = site.get(reverse("admin:accounts_apitoken_changelist")).content.decode()
    assert text not in again
    assert token.digest not in again


def test_releases_and_flows_are_only_looked_at(site: Client) -> None:
    for name in ("release", "flow", "policy", "workflow"):
        assert site.get(reverse(f"admin:promotions_{name}_add")).status_code == 403


def test_the_first_page_calls_things_by_their_names(site: Client) -> None:
    page = site.get(reverse("admin:index")).content.decode()
    for name in ("API tokens", "Policies", "Local runtime"):
        assert re.search(rf">\s*{name}\s*<", page), name
