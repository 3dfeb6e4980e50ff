"""Reads stored manifests again: none is refused for a rule that is only for new texts. Never writes.

The rules of the door may become stricter than a text that was taken in before them. Such a text keeps the
meaning that it had; one that cannot be read all the same is named, and concerns only who needs it.
"""

from __future__ import annotations

from typing import Protocol

from promotions.errors import ManifestUnreadable
from promotions.manifests import Document, ManifestError, parse_one

NOUNS = {
    "PromotionFlow": "flow",
    "PromotionPolicy": "policy",
    "PromotionTemplate": "template",
    "Product": "product",
}


class Stored(Protocol):
    """A row that keeps a manifest's text."""

    name: str
    manifest: str


def stored_document(row: Stored, kind: str) -> Document:
    """The document that the row keeps. Raises ManifestUnreadable, which names it, its line and the way out."""
    try:
        return parse_one(row.manifest, kind, stored=True)
    except ManifestError as error:
        first = next(problem for problem in error.problems if problem.is_error)
        raise ManifestUnreadable(
            f"The stored {NOUNS[kind]} {row.name} cannot be read: save a mended text of it. "
            f"Line {first.line}: {first.message}"
        ) from error
