"""The version that applications show: where their promotion template says it stands."""

from __future__ import annotations

import pytest

from products.models import Product, PromotionTemplate
from promotions.selectors.deployed_versions import template_version

FILES = {
    "values.yaml": b"image:\n  tag: 58.10 # as written\n",
    "Chart.yaml": b"version: 1.0\nappVersion: '2.0'\n",
}
BLOCK = "versionSource: {file: values.yaml, jsonPath: $.image.tag}\n"
SELECTED = """apiVersion: codefresh.io/v1beta1
kind: PromotionTemplate
metadata: {name: tags}
spec:
  applicationSourceSelector: {matchLabels: {tier: web}}
  priority: 1
  versionSource: {file: values.yaml, jsonPath: $.image.tag}
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("inline", "labels", "expected"),
    [
        (BLOCK, {}, "58.10"),
        (BLOCK.replace("tag}", "nope}"), {}, ""),
        (BLOCK.replace("values.yaml", "gone.yaml"), {}, ""),
        ("", {"tier": "web"}, "58.10"),
        ("", {"tier": "db"}, "2.0"),
    ],
)
def test_the_version_stands_where_the_template_says(
    inline: str, labels: dict[str, str], expected: str
) -> None:
    PromotionTemplate.objects.create(name="tags", manifest=SELECTED, etag="e", priority=1)
    product = Product.objects.create(name="shop", inline_template=inline)
    assert template_version(product, labels, FILES.get) == expected


@pytest.mark.django_db
def test_without_a_product_the_chart_tells() -> None:
    assert template_version(None, {}, FILES.get) == "2.0"
