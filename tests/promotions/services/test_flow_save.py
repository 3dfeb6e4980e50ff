"""Saving flows: what two people do at the same moment, and what a save leaves behind."""

from __future__ import annotations

import pytest

from accounts.models import Role, User
from accounts.permissions import NotAllowed
from environments.errors import Conflict, NotFound
from environments.models import Environment
from feeds.models import Event
from feeds.services import flow_feed
from promotions.manifests import ManifestError
from promotions.models import Flow, FlowRevision
from promotions.services import document_save as document_save_module
from promotions.services.document_save import ConditionMissing, Expectation, StaleDocument
from promotions.services.flow_save import flow_delete, flow_save
from tests.api.manifests import ENVIRONMENTS, flow

pytestmark = pytest.mark.django_db
NEW = Expectation()


@pytest.fixture
def paul(db: None) -> User:
    for name, kind in ENVIRONMENTS:
        Environment.objects.create(name=name, kind=kind)
    return User.objects.create_user("paul", role=Role.PROMOTER)


def test_of_two_who_create_the_same_name_the_second_is_told(
    paul: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one's row appears between our look and our insert: the constraint tells, not the look."""
    real = document_save_module.check_expected

    def other_was_faster(noun: str, name: str, row: object, *rest: object, **named: object) -> None:
        if row is None and not Flow.objects.exists():
            monkeypatch.setattr(document_save_module, "check_expected", real)
            flow_save(user=paul, name="to-prod", text=flow(comment="# theirs"), expected=NEW)
        real(noun, name, row, *rest, **named)

    monkeypatch.setattr(document_save_module, "check_expected", other_was_faster)
    with pytest.raises(ConditionMissing):
        flow_save(user=paul, name="to-prod", text=flow(comment="# ours"), expected=NEW)


def test_an_unchanged_text_writes_nothing(paul: User) -> None:
    saved = flow_save(user=paul, name="to-prod", text=flow(), expected=NEW)
    before = Flow.objects.values().get()
    again = flow_save(user=paul, name="to-prod", text=flow(), expected=Expectation(etags=(saved.row.etag,)))
    assert (again.created, again.changed) == (False, False)
    assert Flow.objects.values().get() == before


def test_revisions_count_up_and_say_who(paul: User) -> None:
    ada = User.objects.create_user("ada", role=Role.ADMINISTRATOR)
    flow_save(user=paul, name="to-prod", text=flow(), expected=NEW)
    flow_save(user=ada, name="to-prod", text=flow(comment="# 2"), expected=Expectation(overwrite=True))
    assert list(FlowRevision.objects.values_list("number", "saved_by", "version")) == [
        (1, "paul", "1.10"),
        (2, "ada", "1.10"),
    ]


def test_a_refused_save_leaves_nothing(paul: User) -> None:
    with pytest.raises(ManifestError):
        flow_save(user=paul, name="to-prod", text=flow(last="nowhere"), expected=NEW)
    with pytest.raises(StaleDocument):
        flow_save(user=paul, name="to-prod", text=flow(), expected=Expectation(etags=("x",)))
    assert not Flow.objects.exists()
    assert not FlowRevision.objects.exists()


def test_rename_of_a_flow_that_is_gone(paul: User) -> None:
    with pytest.raises(NotFound):
        flow_save(user=paul, name="b", text=flow("b"), expected=NEW, rename_from="a")


def test_rename_needs_the_etag_too(paul: User) -> None:
    flow_save(user=paul, name="a", text=flow("a"), expected=NEW)
    with pytest.raises(ConditionMissing):
        flow_save(user=paul, name="b", text=flow("b"), expected=NEW, rename_from="a")


def test_rename_onto_another_flow_leaves_both(paul: User) -> None:
    first = flow_save(user=paul, name="a", text=flow("a"), expected=NEW).row
    flow_save(user=paul, name="b", text=flow("b"), expected=NEW)
    with pytest.raises(Conflict):
        flow_save(
            user=paul, name="b", text=flow("b"), expected=Expectation(etags=(first.etag,)), rename_from="a"
        )
    assert {f.name: f.manifest for f in Flow.objects.all()} == {"a": flow("a"), "b": flow("b")}


def test_a_viewer_neither_saves_nor_deletes(paul: User) -> None:
    vera = User.objects.create_user("vera", role=Role.VIEWER)
    flow_save(user=paul, name="to-prod", text=flow(), expected=NEW)
    with pytest.raises(NotAllowed):
        flow_save(user=vera, name="other", text=flow("other"), expected=NEW)
    with pytest.raises(NotAllowed):
        flow_delete(user=vera, name="to-prod", expected=NEW)


def test_a_flow_cannot_take_the_address_of_the_page_that_begins_one(paul: User) -> None:
    with pytest.raises(ManifestError, match='"new" is reserved'):
        flow_save(user=paul, name="new", text=flow(name="new"), expected=NEW)
    assert not Flow.objects.exists()


def test_whoever_has_a_flow_open_hears_of_each_save_and_of_no_other_flow(paul: User) -> None:
    flow_save(user=paul, name="to-prod", text=flow(), expected=NEW)
    flow_save(user=paul, name="other", text=flow("other"), expected=NEW)
    flow_save(user=paul, name="to-prod", text=flow(), expected=Expectation(overwrite=True))
    flow_save(user=paul, name="to-prod", text=flow(comment="# 2"), expected=Expectation(overwrite=True))
    told = Event.objects.filter(feed__key=flow_feed("to-prod"))
    assert list(told.values_list("number", "kind", "subject", "actor")) == [
        (1, "flow.saved", "to-prod", "paul"),
        (2, "flow.saved", "to-prod", "paul"),
    ]
    assert [event.data for event in told] == [{"revision": 1}, {"revision": 2}]


def test_whoever_has_a_flow_open_hears_that_its_name_is_gone(paul: User) -> None:
    row = flow_save(user=paul, name="to-prod", text=flow(), expected=NEW).row
    flow_save(
        user=paul,
        name="further",
        text=flow("further"),
        expected=Expectation(etags=(row.etag,)),
        rename_from="to-prod",
    )
    flow_save(user=paul, name="to-prod", text=flow(), expected=NEW)
    flow_delete(user=paul, name="to-prod", expected=NEW)

    def told(name: str) -> list[tuple[int, str, str, str]]:
        events = Event.objects.filter(feed__key=flow_feed(name)).order_by("number")
        return list(events.values_list("number", "kind", "subject", "actor"))

    assert told("to-prod") == [
        (1, "flow.saved", "to-prod", "paul"),
        (2, "flow.renamed", "further", "paul"),
        (3, "flow.saved", "to-prod", "paul"),
        (4, "flow.deleted", "to-prod", "paul"),
    ]
    assert told("further") == [(1, "flow.saved", "further", "paul")]
