"""The version that an application shows: where its promotion template says it stands. Never reads Git."""

from __future__ import annotations

from collections.abc import Mapping

from products.models import Product
from products.versions import ReadFile, chart_version
from promotions.errors import ManifestUnreadable
from promotions.properties import PropertyError, read_scalar
from promotions.selectors.templates import template_for


def template_version(product: Product | None, labels: Mapping[str, str], read: ReadFile) -> str:
    """The scalar's source text at the template's versionSource; a chart's own version without one.

    "" where the file or value is not there: a version that cannot be told is not guessed.
    """
    if product is None:
        return chart_version(product, labels, read)
    try:
        where = template_for(product, labels).frozen.get("versionSource")
    except ManifestUnreadable:  # said where it is promoted
        return ""
    if not where:
        return chart_version(product, labels, read)
    content = read(where["file"])
    if content is None:
        return ""
    try:
        return read_scalar(content, where["jsonPath"], filename=where["file"])
    except PropertyError:
        return ""
