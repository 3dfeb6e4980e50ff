"""JSONPaths as people write them in promotion templates. Never looks at the text of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import Filter, IndexSelector, NameSelector

from promotions.properties.errors import PropertyError
from promotions.properties.tree import Part

MAX_LENGTH = 1_000
MAX_MATCHES = 10_000
_MAX_DESCENTS = 2
_SHORTHAND = re.compile(r"\$[A-Za-z_\u0080-\U0010ffff]")
_NAME = re.compile(r"[A-Za-z_\u0080-\U0010ffff][-\w]*")
# strict: what RFC 9535 says, without the library's own extensions: some select keys instead of values.
_ENVIRONMENT = JSONPathEnvironment(strict=True)


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled JSONPath.

    `text` is what was written. `named` tells for each part of a match whether the path itself names that
    member or index (a wildcard, slice or filter does not); it is None where `..` makes their number vary.
    """

    text: str
    query: JSONPath
    named: tuple[bool, ...] | None
    has_filter: bool

    def names_part(self, position: int) -> bool:
        """Whether the path itself, not the data, decided this part of its matches."""
        return self.named is not None and self.named[position]

    def find(self, data: object) -> list[tuple[Part, ...]]:
        """Concrete parts of all values that the path selects, in document order, each once.

        Raises PropertyError(`bad-path`) past MAX_MATCHES.
        """
        if not isinstance(data, dict | list):
            # The library takes a bare text for JSON source; only "$" selects from a lone scalar.
            return [()] if self.query.empty() else []
        found: dict[tuple[Part, ...], None] = {}
        for match in islice(self.query.finditer(data), MAX_MATCHES + 1):
            found[tuple(match.parts)] = None
        if len(found) > MAX_MATCHES:
            raise PropertyError(
                "bad-path",
                f"selects more than {MAX_MATCHES:,} values; name the map above them",
                path=self.text,
            )
        return list(found)


def parse_path(text: str) -> Path:
    """Compile a JSONPath; `$name` means `$.name`. Raises PropertyError(`bad-path`)."""
    written = text.strip()
    if not written:
        raise PropertyError("bad-path", "the JSONPath is empty; write $.name")
    if len(written) > MAX_LENGTH:
        raise PropertyError("bad-path", f"the JSONPath is longer than {MAX_LENGTH:,} characters; shorten it")
    if not written.startswith("$"):
        raise PropertyError(
            "bad-path", f"a JSONPath starts with $; write $.{written.lstrip('.')}", path=written
        )
    standard = f"$.{written[1:]}" if _SHORTHAND.match(written) else written
    if standard.count("..") > _MAX_DESCENTS:
        # Each one walks everything below each match of the one before: the cost multiplies.
        raise PropertyError(
            "bad-path", f'uses ".." more than {_MAX_DESCENTS} times; name the maps', path=written
        )
    try:
        query = _ENVIRONMENT.compile(standard)
    except JSONPathError as error:
        problem = str(error).splitlines()[0]
        raise PropertyError(
            "bad-path",
            f"not a valid JSONPath: {problem}; put names with special characters into ['...']",
            path=written,
        ) from error
    if not isinstance(query, JSONPath):
        raise PropertyError("bad-path", "combines several JSONPaths; write them one by one", path=written)
    descends = any(isinstance(segment, JSONPathRecursiveDescentSegment) for segment in query.segments)
    return Path(
        text=written,
        query=query,
        named=None if descends else tuple(_names_one(segment.selectors) for segment in query.segments),
        has_filter=any(isinstance(one, Filter) for segment in query.segments for one in segment.selectors),
    )


def _names_one(selectors: Sequence[object]) -> bool:
    return len(selectors) == 1 and isinstance(selectors[0], NameSelector | IndexSelector)


def format_parts(parts: Sequence[Part]) -> str:
    """Concrete parts as a JSONPath: `$.image.tag`, `$.env[0]['a.b']`."""
    text = "$"
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _NAME.fullmatch(part):
            text += f".{part}"
        else:
            quoted = json.dumps(part, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'")
            text += f"['{quoted}']"
    return text
