"""Transactions that tell several products and the board at once: none waits for another in a circle."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import transaction

from accounts.models import Role, User
from feeds.models import Event
from feeds.services import BOARD, event_append, feeds_lock, product_feed
from products.models import Product
from products.services import product_update
from promotions.services.apply import Text, manifests_apply
from promotions.services.document_save import Expectation
from promotions.services.flow_save import flow_save
from tests.promotions.services.plan_rows import FLOW, site
from tests.promotions.services.test_concurrency import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 12


def tell(names: list[str], *, repeat: int = ROUNDS) -> None:
    for _ in range(repeat):
        with transaction.atomic():
            feeds_lock([BOARD, *map(product_feed, names)])
            for name in names:
                event_append(feeds=[product_feed(name), BOARD], kind="product.changed", subject=name)


def test_feeds_locked_together_are_taken_in_one_order() -> None:
    at_once(partial(tell, ["a", "b", "c"]), partial(tell, ["c", "b", "a"]), partial(tell, ["b"]))
    numbers = Event.objects.filter(feed__key=BOARD).order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 7 * ROUNDS + 1))


def manifest(name: str, number: int) -> str:
    return (
        "apiVersion: codefresh.io/v1beta1\nkind: Product\n"
        f"metadata: {{name: {name}, annotations: {{description: '{number}'}}}}\nspec: {{concurrency: queue}}\n"
    )


def test_several_products_applied_in_other_orders_while_one_is_changed() -> None:
    ada = User.objects.create_user("ada", role=Role.ADMINISTRATOR)
    for name in ("a", "b"):
        Product.objects.create(name=name)

    def apply(names: str, seed: int) -> None:
        for number in range(ROUNDS):
            text = "---\n".join(manifest(name, seed + number) for name in names)
            manifests_apply(user=ada, texts=[Text("", text)])

    def change(name: str) -> None:
        for number in range(ROUNDS * 2):
            product_update(user=ada, name=name, tags=[str(number)])

    at_once(partial(apply, "ab", 0), partial(apply, "ba", 100), partial(change, "b"), partial(change, "a"))


def test_a_renamed_flow_of_several_products_while_they_are_changed() -> None:
    paul = User.objects.create_user("paul", role=Role.PROMOTER)
    site()
    for name in ("a", "b", "c"):
        Product.objects.create(name=name, flows=[{"name": "fan"}])

    def rename() -> None:
        for old, new in [("fan", "fan-two"), ("fan-two", "fan")] * (ROUNDS // 2):
            text = FLOW.replace("{name: fan}", f"{{name: {new}}}")
            flow_save(user=paul, name=new, text=text, expected=Expectation(overwrite=True), rename_from=old)

    def change(name: str) -> None:
        for number in range(ROUNDS * 2):
            product_update(user=paul, name=name, tags=[str(number)])

    at_once(rename, partial(change, "b"), partial(change, "c"))
    assert {flow["name"] for product in Product.objects.all() for flow in product.flows} == {"fan"}
