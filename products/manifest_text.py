"""A product as its manifest reads. Never parses one."""

from __future__ import annotations

from typing import Any

import yaml

from products.models import Product


def product_manifest_text(product: Product) -> str:
    """The stored manifest byte for byte, else one written from the product's settings."""
    if product.manifest:
        return product.manifest
    metadata: dict[str, Any] = {"name": product.name}
    if product.labels:
        metadata["labels"] = product.labels
    if product.description:
        metadata["annotations"] = {"description": product.description}
    spec: dict[str, Any] = {}
    if product.template is not None:
        spec["promotionTemplateRef"] = product.template.name
    elif product.inline_template:
        spec["promotionTemplate"] = yaml.safe_load(product.inline_template)
    if product.flows:
        spec["promotionFlows"] = product.flows
    spec["concurrency"] = product.concurrency
    document = {"apiVersion": "codefresh.io/v1beta1", "kind": "Product", "metadata": metadata, "spec": spec}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
