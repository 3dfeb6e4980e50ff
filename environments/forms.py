"""Forms of the Environments page: what was typed, and where an error of a service belongs. Never saves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from environments.errors import Conflict, Invalid
from environments.models import EnvironmentKind


def split_list(text: str) -> list[str]:
    """ "a, b c" is ["a", "b", "c"], without repeats."""
    return list(dict.fromkeys(part for part in re.split(r"[\s,]+", text) if part))


@dataclass(frozen=True)
class TargetRow:
    """One line of the form: a cluster and its namespaces as text."""

    cluster: str = ""
    namespaces: str = ""


class EnvironmentForm(forms.Form):
    """Name, kind, tags, and one line per cluster; the service judges the values."""

    name = forms.CharField(
        max_length=63,
        error_messages={"required": "Give the environment a name."},
        widget=forms.TextInput(attrs={"class": "input", "autofocus": True, "spellcheck": "false"}),
    )
    kind = forms.ChoiceField(
        choices=EnvironmentKind.choices, widget=forms.Select(attrs={"class": "input"}), initial="NON_PROD"
    )
    tags = forms.CharField(required=False, widget=forms.TextInput(attrs={"class": "input"}))
    # Filled from the lines; the field carries the errors of all of them.
    targets = forms.Field(required=False)

    def __init__(self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="environment_%s")
        for name in ("name", "kind", "tags"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def target_rows(self) -> list[TargetRow]:
        """The lines as typed, else as stored, else one empty line."""
        if self.is_bound:
            pairs = zip(self.data.getlist("cluster"), self.data.getlist("namespaces"), strict=False)
            rows = [TargetRow(cluster, namespaces) for cluster, namespaces in pairs]
        else:
            stored = self.initial.get("targets", [])
            rows = [TargetRow(t["cluster"], ", ".join(t["namespaces"])) for t in stored]
        return rows or [TargetRow()]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        rows = [row for row in self.target_rows if row.cluster or row.namespaces]
        if not rows:
            self.add_error("targets", "Choose the cluster that the environment is on.")
        elif any(not row.cluster for row in rows):
            self.add_error("targets", "Choose a cluster for every line.")
        cleaned["targets"] = [
            {"cluster": row.cluster, "namespaces": split_list(row.namespaces)} for row in rows
        ]
        cleaned["tags"] = split_list(cleaned.get("tags", ""))
        return cleaned

    def refuse(self, error: Invalid | Conflict) -> None:
        """Put a service's refusal where it belongs."""
        if isinstance(error, Conflict):
            self.add_error(None, str(error))
            return
        for field, sentence in error.problems.items():
            self.add_error(field if field in self.fields else None, sentence)


class DeleteForm(forms.Form):
    """The typed name that a deletion asks for."""

    confirm = forms.CharField(
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, name: str, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="delete_%s")
        self.name = name

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"]
        if typed != self.name:
            raise forms.ValidationError(f"Type {self.name} to confirm.")
        return typed


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class ApplicationsForm(forms.Form):
    """Pasted manifests and chosen files; every text keeps where it came from."""

    manifests = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "class": "input code",
                "rows": 14,
                "autofocus": True,
                "spellcheck": "false",
                "placeholder": "apiVersion: argoproj.io/v1alpha1\nkind: Application",
            }
        ),
    )
    files = forms.Field(
        required=False, widget=SeveralFiles(attrs={"class": "input file", "accept": ".yaml,.yml,.json"})
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        uploads = self.files.getlist("files") if hasattr(self.files, "getlist") else []
        if any(upload.size > 1024 * 1024 for upload in uploads):
            self.add_error("files", "A file is larger than 1 MiB: split it.")
            return cleaned
        texts = [(upload.name, upload.read()) for upload in uploads]
        if cleaned.get("manifests", "").strip():
            # Browsers send the lines of a text field with CRLF; Git is to get them as they were pasted.
            pasted = cleaned["manifests"].replace("\r\n", "\n")
            texts.insert(0, ("pasted", pasted.encode()))
        if not texts:
            self.add_error("manifests", "Paste a manifest, or choose a file.")
        cleaned["texts"] = texts
        return cleaned
