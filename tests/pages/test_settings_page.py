"""A product's settings: each part is saved by itself and says what is wrong where it is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from products.models import Product, PromotionTemplate
from tests.pages.html import Node, read
from tests.pages.scene import PARALLEL, Scene

PATH = "/products/shop/settings/"


@pytest.fixture
def shop(scene: Scene) -> Product:
    return scene.product("shop")


def save(client: Client, part: str, **fields: Any) -> tuple[int, Node, Any]:
    response = client.post(PATH, {"part": part, **fields})
    return response.status_code, read(response.content), response.headers.get("HX-Trigger")


def test_description_labels_tags_and_concurrency(promoter: Client, shop: Product) -> None:
    fields = {
        "description": "The shop",
        "labels": "team=a\nrank = 2\n",
        "tags": "eu, eu2",
        "concurrency": "terminate",
    }
    status, root, said = save(promoter, "general", **fields)
    shop.refresh_from_db()
    assert (status, json.loads(said)) == (200, {"toast": {"title": "The settings were saved"}})
    assert (shop.description, shop.labels, shop.tags) == (
        "The shop",
        {"team": "a", "rank": "2"},
        ["eu", "eu2"],
    )
    assert shop.concurrency == "terminate"
    assert "concurrency : terminate" in root.one(class_="settings-yaml").text


def test_a_wrong_label_is_named_by_its_line(promoter: Client, shop: Product) -> None:
    status, root, _ = save(promoter, "general", labels="team=a\nnonsense", concurrency="queue")
    assert status == 422
    assert root.one(id="id_labels_error").text == "Line 2 is no label: write name=value."


def test_applications_are_assigned_and_let_go(promoter: Client, scene: Scene, shop: Product) -> None:
    loose = scene.application("loose", "qa")
    assert save(promoter, "assign")[0] == 422
    assert save(promoter, "assign", application=[loose.pk])[0] == 200
    loose.refresh_from_db()
    assert (loose.product, loose.assigned_by_hand) == (shop, True)
    root = save(promoter, "unassign", application=[loose.pk])[1]
    loose.refresh_from_db()
    assert loose.product is None
    assert "loose" in root.one("form", aria_label="Assign applications").text


def test_a_template_is_referred_to_or_written_here(promoter: Client, shop: Product) -> None:
    PromotionTemplate.objects.create(name="helm", manifest="", etag="")
    save(promoter, "template", template="helm", inline_template="ignored: true")
    shop.refresh_from_db()
    assert (shop.template and shop.template.name, shop.inline_template) == ("helm", "")
    text = "promotion:\r\n  values.yaml:\r\n    jsonPaths:\r\n      - $.tag\r\n"
    save(promoter, "template", template=":inline", inline_template=text)
    shop.refresh_from_db()
    assert (shop.template, shop.inline_template) == (None, text.replace("\r", ""))


def test_a_wrong_inline_template_is_named_by_its_own_line(promoter: Client, shop: Product) -> None:
    status, root, _ = save(
        promoter, "template", template=":inline", inline_template="promotion: {}\nnonsense: 1\n"
    )
    assert status == 422
    assert "Line 2:" in root.one(id="id_inline_template_error").text
    shop.refresh_from_db()
    assert shop.inline_template == ""


def test_flows_keep_their_order_and_triggers(promoter: Client, scene: Scene, shop: Product) -> None:
    scene.flow("first", PARALLEL)
    scene.flow("second", PARALLEL)
    fields = {
        "flow": ["second", "first"],
        "key:first": ["commitMessage", "gitRevision"],
        "operator:first": ["In", "NotIn"],
        "values:first": ["feat:*\nfix:*\n", "main"],
    }
    assert save(promoter, "flows", **fields)[0] == 200
    shop.refresh_from_db()
    assert shop.flows == [
        {"name": "second"},
        {
            "name": "first",
            "gitTriggerSelectors": [
                {"key": "commitMessage", "operator": "In", "values": ["feat:*", "fix:*"]},
                {"key": "gitRevision", "operator": "NotIn", "values": ["main"]},
            ],
        },
    ]
    fields["values:first"] = ["", "main"]
    status, root, _ = save(promoter, "flows", **fields)
    assert status == 422 and "A trigger of first has no value" in root.text


def test_the_manifest_as_applied_is_shown_byte_for_byte(promoter: Client, shop: Product) -> None:
    Product.objects.filter(pk=shop.pk).update(manifest="kind: Product  # mine\n")
    assert "# mine" in read(promoter.get(PATH).content).one(class_="settings-yaml").text


def test_a_viewer_may_read_and_is_told_which_role_changes(viewer: Client, shop: Product) -> None:
    assert "You need the role promoter" in read(viewer.get(PATH).content).one(class_="note").text
    status, root, _ = save(viewer, "general", description="mine", concurrency="queue")
    assert status == 403
    assert "You need the role promoter to change products" in root.one(role="alert").text
    shop.refresh_from_db()
    assert shop.description == ""


def test_an_unknown_part_changes_nothing(promoter: Client, shop: Product) -> None:
    assert save(promoter, "nonsense")[0] == 422


@pytest.mark.parametrize("key", ["9" * 30, "9" * 5000, "²", "-1", "x"])
def test_a_key_that_no_row_has_chooses_nothing(promoter: Client, shop: Product, key: str) -> None:
    status, root, _ = save(promoter, "assign", application=[key])
    assert status == 422
    assert "Choose the applications to assign." in root.text


@pytest.mark.parametrize(
    "fields",
    [
        {"flow": ["a\0b"]},
        {"flow": ["a"], "key:a": "commitMessage", "operator:a": "In", "values:a": "x\0y"},
    ],
)
def test_a_text_that_no_database_stores_is_refused(promoter: Client, shop: Product, fields: Any) -> None:
    assert save(promoter, "flows", **fields)[0] == 422
    shop.refresh_from_db()
    assert shop.flows == []
