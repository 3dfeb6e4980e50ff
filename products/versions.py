"""Where an application's version comes from: a reader that promotions may replace. Never reads Git.

Reading `versionSource` paths out of files belongs to promotions, which products may not import; its
AppConfig registers the real reader. The default finds a chart's own version.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from products.models import Product

# Reads a file below the application's path at the revision in question; None when there is none.
ReadFile = Callable[[str], bytes | None]
# The version's source text, "" when it cannot be told. Never raises for what a file holds.
VersionReader = Callable[[Product | None, Mapping[str, str], ReadFile], str]

# A plain or quoted scalar on the key's own line; anything else is not told.
_CHART_LINE = re.compile(
    rb"""^(appVersion|version):[ \t]+
    (?: "([^"\\\n]*)" | '([^'\n]*)' | ([^\s#"'&*!|>{\[] \S* (?:[ \t]+[^\s\#]\S*)*) )
    [ \t]* (?:[ \t]\#.*)? \r?$""",
    re.MULTILINE | re.VERBOSE,
)


def chart_version(product: Product | None, labels: Mapping[str, str], read: ReadFile) -> str:
    """`appVersion` of Chart.yaml, else its `version`, exactly as written there."""
    found: dict[bytes, str] = {}
    for match in _CHART_LINE.finditer(read("Chart.yaml") or b""):
        value = next((group for group in match.groups()[1:] if group is not None), b"")
        found.setdefault(match[1], value.decode("utf-8", "replace"))
    return found.get(b"appVersion") or found.get(b"version") or ""


_reader: list[VersionReader] = [chart_version]


def version_reader_register(reader: VersionReader) -> None:
    """Called once at start, by the app that knows promotion templates."""
    _reader[0] = reader


def version_read(product: Product | None, labels: Mapping[str, str], read: ReadFile) -> str:
    """The version by the registered reader, of an application with these labels."""
    return _reader[0](product, labels, read)
