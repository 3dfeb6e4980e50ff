"""Copies values between YAML or JSON files by JSONPath, every other byte kept. Never touches Git or rows."""

from promotions.properties.copying import AppliedValue, Copied, copy_values
from promotions.properties.diff import DiffHunk, DiffLine, line_diff
from promotions.properties.errors import PropertyError
from promotions.properties.paths import Path, format_parts, parse_path
from promotions.properties.reading import Match, digest_values, read_scalar, select

__all__ = [
    "AppliedValue",
    "Copied",
    "DiffHunk",
    "DiffLine",
    "Match",
    "Path",
    "PropertyError",
    "copy_values",
    "digest_values",
    "format_parts",
    "line_diff",
    "parse_path",
    "read_scalar",
    "select",
]
