"""Which promotion template counts for a product's application. Never writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from products.models import Product, PromotionTemplate
from promotions.manifests import InlineTemplate, LabelRequirement, TemplateSpec, template_spec
from promotions.selectors.stored import stored_document


@dataclass(frozen=True)
class ChosenTemplate:
    """`frozen` is what a release keeps: {"versionSource": {...}|None, "promotion": {file: [...]}|None}."""

    name: str
    origin: str  # product | inline | selector | none
    frozen: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "origin": self.origin, **self.frozen}


def template_for(product: Product, labels: Mapping[str, str]) -> ChosenTemplate:
    """The product's reference, else its inline template, else the first whose selector matches the labels.

    Without any, all files of the source's directory are copied and no version is known. Raises
    ManifestUnreadable for one that would count, or that might and comes before the one that does.
    """
    if product.template is not None:
        return ChosenTemplate(product.template.name, "product", _frozen(_spec(product.template)))
    if product.inline_template:
        return ChosenTemplate(product.name, "inline", _inline(product.inline_template))
    for row in PromotionTemplate.objects.order_by("priority", "name"):
        spec = _spec(row)
        if selects(spec, labels):
            return ChosenTemplate(row.name, "selector", _frozen(spec))
    return ChosenTemplate("", "none", {"versionSource": None, "promotion": None})


def selects(spec: TemplateSpec, labels: Mapping[str, str]) -> bool:
    """Kubernetes' label selector: all of matchLabels and matchExpressions must hold; empty matches all."""
    if any(labels.get(key) != value for key, value in spec.match_labels.items()):
        return False
    return all(_holds(term, labels) for term in spec.match_expressions)


def _holds(term: LabelRequirement, labels: Mapping[str, str]) -> bool:
    if term.operator == "In":
        return labels.get(term.key) in term.values
    if term.operator == "NotIn":
        return labels.get(term.key) not in term.values
    return (term.key in labels) == (term.operator == "Exists")


def _spec(row: PromotionTemplate) -> TemplateSpec:
    return template_spec(stored_document(row, "PromotionTemplate"))


def _frozen(spec: InlineTemplate) -> dict[str, Any]:
    source = spec.version_source
    promotion = spec.promotion
    return {
        "versionSource": {"file": source.file, "jsonPath": source.json_path} if source else None,
        "promotion": None
        if promotion is None
        else {file: ["*"] if paths == "*" else list(paths) for file, paths in promotion.items()},
    }


def _inline(text: str) -> dict[str, Any]:
    """The inline block was validated with its product's manifest; here it is only reshaped."""
    block = yaml.safe_load(text) or {}
    promotion = block.get("promotion")
    return {
        "versionSource": block.get("versionSource"),
        "promotion": None
        if promotion is None
        else {
            file: ["*"] if "*" in part["jsonPaths"] else part["jsonPaths"] for file, part in promotion.items()
        },
    }
