"""Names: what RFC 1123 allows, and which known name a person meant; never looks anything up."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 253
_LABEL = r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")

LONGEST_LABEL = 63

NAME_RULE = (
    'use lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit (RFC 1123)'
)
LABEL_RULE = (
    'use at most 63 lower-case letters, digits and "-", beginning and ending with a letter or digit '
    "(RFC 1123)"
)


def is_name(text: str) -> bool:
    """Whether a text is an RFC 1123 subdomain, which is what Kubernetes asks of a resource's name."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def is_label(text: str) -> bool:
    """Whether a text is an RFC 1123 label, which environments and products are named by: others (feeds,
    branches, namespaces) are named after them."""
    return len(text) <= LONGEST_LABEL and re.fullmatch(_LABEL, text) is not None


def nearest_label(text: str) -> str | None:
    """The RFC 1123 label nearest to a text (`Prod.EU` gives `prod-eu`), or None where nothing is left."""
    plain = (nearest_name(text) or (text if is_name(text) else "")).replace(".", "-")[:LONGEST_LABEL]
    plain = plain.rstrip("-")
    return plain if is_label(plain) and plain != text else None


def nearest_name(text: str) -> str | None:
    """The RFC 1123 name nearest to a text (`Prod EU` gives `prod-eu`), or None where nothing is left."""
    plain = unicodedata.normalize("NFKD", text[: 4 * LONGEST_NAME]).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9.]+", "-", plain.lower())
    plain = re.sub(r"-*\.[-.]*", ".", plain)[:LONGEST_NAME].strip("-.")
    return plain if is_name(plain) and plain != text else None


def closest(text: str, known: Iterable[str]) -> str | None:
    """The known name that a person most likely meant, or None when none is near."""
    names = sorted(known)
    folded = {name.lower(): name for name in reversed(names)}
    if text.lower() in folded:
        return folded[text.lower()]
    found = difflib.get_close_matches(text[:200], names, n=1, cutoff=0.6)
    return found[0] if found else None
