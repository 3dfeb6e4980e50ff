"""Tokens, and whether a session or token is still good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.credentials import Credential, credentials_still_valid, token_find
from accounts.models import ApiToken, Role, User
from accounts.permissions import NotAllowed
from accounts.services import token_create, token_keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera(db: None) -> User:
    return User.objects.create_user("vera", password="correct horse battery")


@pytest.fixture
def signed_in(vera: User) -> Credential:
    client = Client()
    client.force_login(vera)
    return Credential(user_id=vera.pk, session_key=client.session.session_key or "")


def valid(*credentials: Credential) -> bool:
    return credentials_still_valid(credentials) == set(credentials)


def test_a_session_is_good_until_it_ends(signed_in: Credential) -> None:
    assert valid(signed_in)
    Session.objects.update(expire_date=timezone.now())
    assert not valid(signed_in)


def test_a_changed_password_ends_sessions_but_no_tokens(vera: User, signed_in: Credential) -> None:
    token, _ = token_create(by=vera, user=vera, name="ci")
    with_token = Credential(user_id=vera.pk, token_id=token.pk)
    assert valid(signed_in, with_token)
    vera.set_password("another correct horse")
    vera.save()
    assert credentials_still_valid([signed_in, with_token]) == {with_token}


def test_switching_a_person_off_ends_everything(vera: User, signed_in: Credential) -> None:
    token, text = token_create(by=vera, user=vera, name="ci")
    User.objects.update(is_active=False)
    assert not credentials_still_valid([signed_in, Credential(user_id=vera.pk, token_id=token.pk)])
    assert token_find(text) is None


def test_somebody_elses_session_or_token_is_not_ones_own(vera: User, signed_in: Credential) -> None:
    other = User.objects.create_user("paul")
    token, _ = token_create(by=vera, user=vera, name="ci")
    assert not valid(Credential(user_id=other.pk, session_key=signed_in.session_key))
    assert not valid(Credential(user_id=other.pk, token_id=token.pk))
    assert not valid(Credential(user_id=vera.pk))


def test_any_number_costs_three_queries(signed_in: Credential, django_assert_num_queries) -> None:
    user = signed_in.user_id
    unknown = [Credential(user_id=user, session_key=f"s{n}") for n in range(50)]
    unknown += [Credential(user_id=user, token_id=n) for n in range(1, 50)]
    with django_assert_num_queries(3):
        assert credentials_still_valid([signed_in, *unknown]) == {signed_in}


def test_only_an_administrator_makes_tokens_for_others(vera: User) -> None:
    ada = User.objects.create_user("ada", role=Role.ADMINISTRATOR)
    token_create(by=ada, user=vera, name="ci")
    with pytest.raises(NotAllowed, match="administrator"):
        token_create(by=vera, user=ada, name="ci")


def test_a_token_of_somebody_switched_off_is_refused(vera: User) -> None:
    vera.is_active = False
    with pytest.raises(NotAllowed, match="switched off"):
        token_create(by=vera, user=vera, name="ci")


def test_the_operators_token_is_kept_and_replaced(vera: User) -> None:
    for text in ("a" * 20, "a" * 20, "b" * 20):
        token_keep(user=vera, name="operator", text=text)
    assert ApiToken.objects.count() == 1
    assert token_find("a" * 20) is None
    assert token_find("b" * 20) is not None


def test_an_expired_token_is_not_found(vera: User) -> None:
    _, text = token_create(by=vera, user=vera, name="ci", expires_at=timezone.now() + timedelta(minutes=1))
    assert token_find(text) is not None
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert token_find(text) is None
