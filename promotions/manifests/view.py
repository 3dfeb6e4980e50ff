"""A document's data together with its places in the text; never judges it."""

from __future__ import annotations

from collections.abc import Sequence as Parts
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from promotions.manifests.problems import Problem, Severity, Source, path_text
from promotions.manifests.tree import Mapping, Node, Scalar, Sequence, to_data

Path = tuple[str | int, ...]

# Argo's own kinds have a `properties` of their own meaning.
WRAPPED_KINDS = frozenset(("PromotionFlow", "PromotionPolicy", "PromotionTemplate", "Product"))


@dataclass(frozen=True, eq=False)
class View:
    """Paths given to a View leave the old `spec.properties` wrapper out; those in problems have it."""

    source: Source
    root: Node
    wrapped: bool

    @cached_property
    def data(self) -> dict[str, Any]:
        """The data without the wrapper; an empty dict when the document is no mapping."""
        data = to_data(self.root)
        if not isinstance(data, dict):
            return {}
        return {**data, "spec": data["spec"]["properties"]} if self.wrapped else data

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The mapping under `spec`; empty when there is none."""
        spec = self.data.get("spec")
        return spec if isinstance(spec, dict) else {}

    def written(self, path: Parts[str | int]) -> Path:
        """The path as it stands in the text."""
        if self.wrapped and path and path[0] == "spec":
            return ("spec", "properties", *path[1:])
        return tuple(path)

    def beside_wrapper(self) -> list[Scalar]:
        """The keys that stand beside the old wrapper, where nothing else is read."""
        spec = self.root.pairs["spec"].value if isinstance(self.root, Mapping) and self.wrapped else None
        pairs = spec.pairs.values() if isinstance(spec, Mapping) else ()
        return [pair.key for pair in pairs if pair.key.text != "properties"]

    def find(self, path: Parts[str | int]) -> tuple[Scalar | None, Node]:
        """The key (None for an item of a list) and the value at a path. Raises KeyError, IndexError."""
        key: Scalar | None = None
        node = self.root
        for part in self.written(path):
            if isinstance(node, Mapping):
                pair = node.pairs[str(part)]
                key, node = pair.key, pair.value
            elif isinstance(node, Sequence) and isinstance(part, int):
                key, node = None, node.items[part]
            else:
                raise KeyError(part)
        return key, node

    def span(self, path: Parts[str | int], *, on_key: bool = False) -> tuple[int, int]:
        """Where a finding about a path is shown: at the scalar, or at the key of anything larger or
        empty, or at the first field of an item without a key."""
        key, node = self.find(path)
        if isinstance(node, Scalar) and node.end > node.start and not on_key:
            return node.start, node.end
        if key is not None:
            return key.start, key.end
        if isinstance(node, Mapping) and node.pairs:
            first = min((pair.key for pair in node.pairs.values()), key=lambda k: k.start)
            return first.start, first.end
        return node.start, node.start + 1

    def problem(
        self,
        code: str,
        message: str,
        path: Parts[str | int],
        *,
        on_key: bool = False,
        severity: Severity = "error",
        suggestion: str | None = None,
    ) -> Problem:
        start, end = self.span(path, on_key=on_key)
        where = path_text(self.written(path))
        return self.source.problem(
            code, message, start, end, path=where, severity=severity, suggestion=suggestion
        )

    def line(self, path: Parts[str | int]) -> int:
        """The line (from 1) of a path in the whole text."""
        return self.source.position(self.span(path)[0])[0]


def view_of(source: Source, root: Node, kind: str) -> View:
    """The View of a document; finds out whether it has the old `spec.properties` around its content."""
    wrapped = False
    if kind in WRAPPED_KINDS and isinstance(root, Mapping) and (spec := root.pairs.get("spec")):
        inner = spec.value.pairs.get("properties") if isinstance(spec.value, Mapping) else None
        wrapped = inner is not None and isinstance(inner.value, Mapping)
    return View(source, root, wrapped)
