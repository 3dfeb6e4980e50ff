"""Which template counts for an application, as Kubernetes reads selectors."""

from __future__ import annotations

from typing import Any

import pytest

from products.models import Product, PromotionTemplate
from promotions.manifests import parse_one, template_spec
from promotions.selectors.templates import selects, template_for

HEAD = "apiVersion: codefresh.io/v1beta1\nkind: PromotionTemplate\nmetadata: {name: t}\n"


def chosen_by(selector: str, labels: dict[str, str]) -> bool:
    text = f"{HEAD}spec: {{priority: 1, applicationSourceSelector: {selector}}}\n"
    return selects(template_spec(parse_one(text, "PromotionTemplate")), labels)


@pytest.mark.parametrize(
    ("selector", "labels", "expected"),
    [
        ("{}", {}, True),
        ("{matchLabels: {app: shop}}", {"app": "shop", "x": "y"}, True),
        ("{matchLabels: {app: shop}}", {"app": "pay"}, False),
        ("{matchLabels: {app: shop, tier: web}}", {"app": "shop"}, False),
        ("{matchExpressions: [{key: app, operator: In, values: [shop, pay]}]}", {"app": "pay"}, True),
        ("{matchExpressions: [{key: app, operator: In, values: [shop]}]}", {}, False),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [shop]}]}", {"app": "shop"}, False),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [shop]}]}", {}, True),
        ("{matchExpressions: [{key: app, operator: Exists}]}", {"app": ""}, True),
        ("{matchExpressions: [{key: app, operator: Exists}]}", {}, False),
        ("{matchExpressions: [{key: app, operator: DoesNotExist}]}", {}, True),
        ("{matchExpressions: [{key: app, operator: DoesNotExist}]}", {"app": "x"}, False),
        (
            "{matchLabels: {tier: web}, matchExpressions: [{key: app, operator: Exists}]}",
            {"tier": "web"},
            False,
        ),
    ],
)
def test_selectors(selector: str, labels: dict[str, str], expected: bool) -> None:
    assert chosen_by(selector, labels) is expected


def template(name: str, priority: int, selector: str = "{}", extra: str = "") -> PromotionTemplate:
    head = HEAD.replace("name: t", f"name: {name}")
    text = f"{head}spec: {{priority: {priority}, applicationSourceSelector: {selector}{extra}}}\n"
    return PromotionTemplate.objects.create(name=name, manifest=text, etag=name, priority=priority)


def chosen(product: Product, labels: dict[str, str] | None = None) -> tuple[str, str]:
    found = template_for(product, labels or {})
    return found.origin, found.name


@pytest.mark.django_db
def test_the_products_reference_wins_then_its_own_then_selectors_by_priority_and_name() -> None:
    product = Product.objects.create(name="shop")
    assert chosen(product) == ("none", "")
    template("late", 50)
    template("b", 10, "{matchLabels: {app: shop}}")
    template("a", 10, "{matchLabels: {app: shop}}")
    assert chosen(product) == ("selector", "late")
    assert chosen(product, {"app": "shop"}) == ("selector", "a")
    product.inline_template = "promotion: {values.yaml: {jsonPaths: [$.image.tag]}}\n"
    assert chosen(product, {"app": "shop"}) == ("inline", "shop")
    product.template = template("named", 99)
    assert chosen(product, {"app": "shop"}) == ("product", "named")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("", {"versionSource": None, "promotion": None}),
        (
            ", versionSource: {file: Chart.yaml, jsonPath: $.appVersion}",
            {"versionSource": {"file": "Chart.yaml", "jsonPath": "$.appVersion"}, "promotion": None},
        ),
        (
            ', promotion: {a.yaml: {jsonPaths: ["$.x", "$.y"]}, b.yaml: {jsonPaths: ["*"]}}',
            {"versionSource": None, "promotion": {"a.yaml": ["$.x", "$.y"], "b.yaml": ["*"]}},
        ),
    ],
)
def test_what_a_release_keeps_of_a_template(block: str, expected: dict[str, Any]) -> None:
    product = Product.objects.create(name="shop", template=template("named", 1, extra=block))
    assert template_for(product, {}).frozen == expected
    product.template, product.inline_template = None, f"{{{block.removeprefix(', ')}}}"
    if block:
        assert template_for(product, {}).frozen == expected
