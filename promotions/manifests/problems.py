"""What is wrong with a manifest, where, and what to do about it; never raises anything but ManifestError."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

# Editors break lines at these three; YAML 1.1 would also break at NEL, LS and PS, which would shift
# every line number that a person sees.
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
# A manifest with more problems than this is not read to the end by anybody.
MOST_PROBLEMS = 100
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Problem:
    """One finding at an exact range of the text. Lines and columns count from 1, in code points;
    the end column is the one behind the last character. `path` reads like `spec.steps[0].policy`."""

    severity: Severity
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    path: str
    code: str
    suggestion: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


class ManifestError(Exception):
    """The text is no acceptable manifest; `problems` holds every finding, in the order of the text."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {p.line}: {p.message}" for p in self.problems[:5]))


class Source:
    """A text, and where in it an index stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]
        self._marked = text.startswith(BYTE_ORDER_MARK)

    def position(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of a character index. A byte order mark takes no column."""
        line = bisect.bisect_right(self._starts, index)
        column = index - self._starts[line - 1] + 1
        return line, max(1, column - 1) if line == 1 and self._marked else column

    def line_start(self, line: int) -> int:
        """Index of the first character of a line (from 1)."""
        return self._starts[min(line, len(self._starts)) - 1]

    def line_text(self, line: int) -> str:
        """A line (from 1) without its break."""
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[self.line_start(line) : end].rstrip("\r\n")

    def problem(
        self,
        code: str,
        message: str,
        start: int,
        end: int | None = None,
        *,
        path: str = "",
        severity: Severity = "error",
        suggestion: str | None = None,
    ) -> Problem:
        """A Problem over [start, end) of the text, without white space at its end."""
        stop = max(start, min(len(self.text), start + 1 if end is None else end))
        while stop > start + 1 and self.text[stop - 1].isspace():
            stop -= 1
        line, column = self.position(start)
        end_line, end_column = self.position(stop)
        return Problem(severity, message, line, column, end_line, end_column, path, code, suggestion)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sorted by place, each finding once, at most MOST_PROBLEMS with the errors kept before warnings."""
    unique = dict.fromkeys(problems)
    kept = sorted(unique, key=lambda p: (not p.is_error, p.line, p.column, p.code))[:MOST_PROBLEMS]
    return tuple(sorted(kept, key=lambda p: (p.line, p.column, p.code, p.message)))


def path_text(parts: Iterable[str | int]) -> str:
    """`("spec", "steps", 0)` as `spec.steps[0]`; keys that are no plain words are quoted."""
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[A-Za-z_][\w-]{0,60}", part):
            text += f".{part}" if text else part
        else:
            text += f"[{quoted(part)}]"
    return text


def quoted(text: str) -> str:
    """A value as it stands in a message: in double quotes, on one line, at most 60 characters of it."""
    shown = "".join(c if c.isprintable() else " " for c in text[:61])
    return f'"{shown[:57]}..."' if len(text) > 60 else f'"{shown}"'
