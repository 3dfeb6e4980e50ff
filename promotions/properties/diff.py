"""Line differences of two versions of a file, for previews. Never used to compute what is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"[\w-]")
# difflib is quadratic or worse in the lines that differ: exact up to the first bound, with its junk heuristic
# up to the second, one replaced block past that.
_EXACT_LINES = 2_000
_MOST_LINES = 20_000

_Opcode = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a hunk, numbered from 1 in the versions that have it.

    `text` has no line ending; `ending` tells it, so that a change of line endings alone can be shown. `span`
    is the changed part of `text` in characters, None where the line as a whole is new, gone or the same.
    """

    kind: Literal["context", "removed", "added"]
    old_number: int | None
    new_number: int | None
    text: str
    ending: Literal["lf", "crlf", "none"]
    span: tuple[int, int] | None = None

    @property
    def segments(self) -> tuple[tuple[str, bool], ...]:
        """The text cut where it changed, as (text, changed), for pages: offsets differ between languages."""
        if self.span is None:
            return ((self.text, False),)
        start, end = self.span
        cut = ((self.text[:start], False), (self.text[start:end], True), (self.text[end:], False))
        return tuple(segment for segment in cut if segment[0])

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "oldNumber": self.old_number,
            "newNumber": self.new_number,
            "text": self.text,
            "ending": self.ending,
            "segments": [{"text": text, "changed": changed} for text, changed in self.segments],
        }


@dataclass(frozen=True, slots=True)
class DiffHunk:
    """Changed lines with the lines around them; starts are 1-based, 0 where that version has no line."""

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    lines: tuple[DiffLine, ...]

    @property
    def added(self) -> int:
        return sum(line.kind == "added" for line in self.lines)

    @property
    def removed(self) -> int:
        return sum(line.kind == "removed" for line in self.lines)

    def as_json(self) -> dict[str, object]:
        return {
            "oldStart": self.old_start,
            "oldCount": self.old_count,
            "newStart": self.new_start,
            "newCount": self.new_count,
            "added": self.added,
            "removed": self.removed,
            "lines": [line.as_json() for line in self.lines],
        }


def line_diff(old: bytes, new: bytes, *, context: int = 2) -> list[DiffHunk]:
    """The hunks between two versions with `context` unchanged lines around each; empty when they are equal.

    Bytes that are no UTF-8 show as replacement characters.
    """
    if old == new:
        return []
    old_lines, new_lines = _split(old), _split(new)
    return [_hunk(old_lines, new_lines, group) for group in _grouped(_opcodes(old_lines, new_lines), context)]


def _split(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _opcodes(old: Sequence[bytes], new: Sequence[bytes]) -> list[_Opcode]:
    """difflib's opcodes; the equal head and tail, mostly nearly everything, are never given to it."""
    shortest = min(len(old), len(new))
    head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    tail = next((i for i in range(shortest - head) if old[-1 - i] != new[-1 - i]), shortest - head)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    size = len(old_middle) + len(new_middle)
    if size > _MOST_LINES:
        middle: list[_Opcode] = [("replace", 0, len(old_middle), 0, len(new_middle))]
    else:
        matcher = SequenceMatcher(None, old_middle, new_middle, autojunk=size > _EXACT_LINES)
        middle = list(matcher.get_opcodes())
    moved = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in middle]
    return [
        ("equal", 0, head, 0, head),
        *moved,
        ("equal", len(old) - tail, len(old), len(new) - tail, len(new)),
    ]


def _grouped(opcodes: Iterable[_Opcode], context: int) -> list[list[_Opcode]]:
    """Changes that share context lines go together; the rest of the equal lines is left out."""
    groups: list[list[_Opcode]] = []
    before: _Opcode | None = None
    for opcode in opcodes:
        tag, old_start, old_end, new_start, new_end = opcode
        if tag != "equal":
            if before is not None:
                groups.append([before])
            elif not groups:
                groups.append([])
            groups[-1].append(opcode)
            before = None
            continue
        length = old_end - old_start
        if groups and length <= 2 * context and before is None:
            groups[-1].append(opcode)
            continue
        if groups:
            groups[-1].append(("equal", old_start, old_start + context, new_start, new_start + context))
        lead = min(context, length)
        before = ("equal", old_end - lead, old_end, new_end - lead, new_end)
    return [_without_overhang(group, context) for group in groups]


def _without_overhang(group: list[_Opcode], context: int) -> list[_Opcode]:
    """Cut equal lines behind the last change to the context."""
    tag, old_start, old_end, new_start, _ = group[-1]
    if tag == "equal" and old_end - old_start > context:
        group[-1] = (tag, old_start, old_start + context, new_start, new_start + context)
    return group


def _hunk(old: Sequence[bytes], new: Sequence[bytes], group: Sequence[_Opcode]) -> DiffHunk:
    lines: list[DiffLine] = []
    for tag, old_start, old_end, new_start, new_end in group:
        if tag == "equal":
            for offset in range(old_end - old_start):
                text, ending = _text(old[old_start + offset])
                lines.append(
                    DiffLine("context", old_start + offset + 1, new_start + offset + 1, text, ending)
                )
            continue
        removed = [_text(line) for line in old[old_start:old_end]]
        added = [_text(line) for line in new[new_start:new_end]]
        spans = [_spans(before[0], after[0]) for before, after in zip(removed, added, strict=False)]
        for index, (text, ending) in enumerate(removed):
            span = spans[index][0] if index < len(spans) else None
            lines.append(DiffLine("removed", old_start + index + 1, None, text, ending, span))
        for index, (text, ending) in enumerate(added):
            span = spans[index][1] if index < len(spans) else None
            lines.append(DiffLine("added", None, new_start + index + 1, text, ending, span))
    old_count = sum(line.kind != "added" for line in lines)
    new_count = sum(line.kind != "removed" for line in lines)
    return DiffHunk(
        old_start=group[0][1] + 1 if old_count else 0,
        old_count=old_count,
        new_start=group[0][3] + 1 if new_count else 0,
        new_count=new_count,
        lines=tuple(lines),
    )


def _text(line: bytes) -> tuple[str, Literal["lf", "crlf", "none"]]:
    text = line.decode("utf-8", errors="replace")
    if text.endswith("\r\n"):
        return text[:-2], "crlf"
    return (text[:-1], "lf") if text.endswith("\n") else (text, "none")


def _spans(old: str, new: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The parts in which two lines differ, widened to whole words; None where there is none to mark."""
    shortest = min(len(old), len(new))
    head = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    tail = next((i for i in range(shortest - head) if old[-1 - i] != new[-1 - i]), shortest - head)
    if not (old[:head].strip() or old[len(old) - tail :].strip()):
        return None, None  # nothing in common but indentation: the whole line is another one
    while head and _is_word(old, head - 1) and (_is_word(old, head) or _is_word(new, head)):
        head -= 1
    while tail and _is_word(old, len(old) - tail) and _ends_in_word(old, new, head, tail):
        tail -= 1
    old_span, new_span = (head, len(old) - tail), (head, len(new) - tail)
    return (old_span if old_span[0] < old_span[1] else None, new_span if new_span[0] < new_span[1] else None)


def _is_word(text: str, index: int) -> bool:
    return 0 <= index < len(text) and _WORD.fullmatch(text[index]) is not None


def _ends_in_word(old: str, new: str, head: int, tail: int) -> bool:
    """Whether the differing part of either line reaches the tail in the middle of a word."""
    return any(len(text) - tail > head and _is_word(text, len(text) - tail - 1) for text in (old, new))
