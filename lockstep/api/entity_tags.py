"""Entity tags and the conditions of a request about them (RFC 9110, 13.1). Never reads rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lockstep.api.problems import Problem

_TAG = re.compile(r'\s*(?P<weak>W/)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s",*]+))\s*(?:,|$)')


@dataclass(frozen=True)
class Conditions:
    """What the client holds. `if_match` None: not said; an empty tuple: no tag that can match strongly."""

    if_match: tuple[str, ...] | None = None
    if_match_any: bool = False
    if_none_match: tuple[str, ...] = ()
    if_none_match_any: bool = False


def quoted(etag: str) -> str:
    return f'"{etag}"'


def conditions_of(headers: Mapping[str, str]) -> Conditions:
    """Read If-Match and If-None-Match; quotes may be missing. Problem 400 when unreadable."""
    match, none_match = headers.get("If-Match"), headers.get("If-None-Match")
    strong, match_any = _tags(match, "If-Match", weak=False) if match is not None else (None, False)
    weak, none_any = _tags(none_match, "If-None-Match", weak=True) if none_match is not None else ((), False)
    return Conditions(strong, match_any, weak, none_any)


def _tags(text: str, header: str, *, weak: bool) -> tuple[tuple[str, ...], bool]:
    if text.strip() == "*":
        return (), True
    tags: list[str] = []
    position = 0
    while position < len(text):
        found = _TAG.match(text, position)
        if found is None:
            raise Problem(400, "bad-entity-tag", f'{header} is not readable: write {header}: "ETAG".')
        # If-Match compares strongly: a weak tag never matches (RFC 9110, 13.1.1).
        if weak or not found["weak"]:
            tags.append(found["quoted"] if found["quoted"] is not None else found["bare"])
        position = found.end()
    return tuple(tags), False
