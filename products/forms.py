"""Forms of a product's settings: what was typed, as the service takes it. Never saves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from environments.errors import Invalid
from products.models import Product

SELECTOR_KEYS = (("commitMessage", "Commit message"), ("gitRevision", "Git revision"))
OPERATORS = (("In", "is one of"), ("NotIn", "is none of"))
INLINE = ":inline"


class _Form(forms.Form):
    def refuse(self, error: Invalid) -> None:
        """Put a service's refusal where it belongs."""
        for field, sentence in error.problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class GeneralForm(_Form):
    description = forms.CharField(
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )
    labels = forms.CharField(
        required=False,
        widget=forms.Textarea(
            attrs={"class": "input code", "rows": 3, "spellcheck": "false", "placeholder": "team=payments"}
        ),
    )
    tags = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"})
    )
    concurrency = forms.ChoiceField(
        choices=Product.Concurrency.choices, widget=forms.Select(attrs={"class": "input"})
    )

    @classmethod
    def of(cls, product: Product) -> GeneralForm:
        return cls(
            initial={
                "description": product.description,
                "labels": "\n".join(f"{key}={value}" for key, value in product.labels.items()),
                "tags": ", ".join(product.tags),
                "concurrency": product.concurrency,
            }
        )

    def clean_labels(self) -> dict[str, str]:
        labels: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["labels"].splitlines(), start=1):
            key, equals, value = line.partition("=")
            if not line.strip():
                continue
            if not equals or not key.strip():
                raise forms.ValidationError(f"Line {number} is no label: write name=value.")
            labels[key.strip()] = value.strip()
        return labels

    def clean_tags(self) -> list[str]:
        return [tag for tag in re.split(r"[\s,]+", self.cleaned_data["tags"]) if tag]


class TemplateForm(_Form):
    template = forms.ChoiceField(required=False, widget=forms.Select(attrs={"class": "input"}))
    inline_template = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "input code", "rows": 10, "spellcheck": "false"}),
    )

    def __init__(self, names: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].choices = [
            ("", "By label, or everything in the directory"),
            (INLINE, "Written here"),
            *((name, name) for name in names),
        ]

    @classmethod
    def of(cls, product: Product, names: Sequence[str]) -> TemplateForm:
        chosen = product.template.name if product.template else (INLINE if product.inline_template else "")
        return cls(names, initial={"template": chosen, "inline_template": product.inline_template})

    def columns(self) -> dict[str, str | None]:
        """The reference, or the inline text; never both, for the reference would silently win."""
        chosen = self.cleaned_data["template"]
        inline = self.cleaned_data["inline_template"].replace("\r\n", "\n")
        return {
            "template": chosen if chosen and chosen != INLINE else None,
            "inline_template": inline if chosen == INLINE else "",
        }


def flows_typed(data: QueryDict) -> list[dict[str, Any]]:
    """The product's flows in the order of the form, each with its trigger selectors.

    A flow's selectors are the parallel lists `key:FLOW`, `operator:FLOW` and `values:FLOW`, where values
    stand one per line.
    """
    flows: list[dict[str, Any]] = []
    for name in data.getlist("flow"):
        lines = zip(
            data.getlist(f"key:{name}"),
            data.getlist(f"operator:{name}"),
            data.getlist(f"values:{name}"),
            strict=False,
        )
        selectors = [_selector(name, key, operator, values) for key, operator, values in lines]
        flows.append({"name": name, **({"gitTriggerSelectors": selectors} if selectors else {})})
    return flows


def _selector(flow: str, key: str, operator: str, values: str) -> Mapping[str, Any]:
    texts = [line.strip() for line in values.splitlines() if line.strip()]
    if not texts:
        raise Invalid(
            {"flows": f"A trigger of {flow} has no value: write one per line, or remove the trigger."}
        )
    if key not in dict(SELECTOR_KEYS) or operator not in dict(OPERATORS):
        raise Invalid({"flows": f"A trigger of {flow} is not complete: choose what is compared and how."})
    return {"key": key, "operator": operator, "values": texts}
