"""Plain scalars by the core schema of YAML 1.2, as the browser reads them; never by YAML 1.1.

In YAML 1.1 `no` is false, `1:30` is 90 and `012` is 10, so an environment called `no` would change
its name between the page and the server.
"""

from __future__ import annotations

import math
import re

_NULL = re.compile(r"(?:~|[Nn]ull|NULL)?")
_BOOLEAN = re.compile(r"[Tt]rue|TRUE|[Ff]alse|FALSE")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN")
# JSON readers differ on longer numbers, and Python refuses whole numbers of more than 4,300 digits.
_LONGEST_NUMBER = 40

TAG = "tag:yaml.org,2002:"
CORE_TAGS = frozenset(TAG + name for name in ("str", "int", "float", "bool", "null"))

ScalarValue = str | int | float | bool | None


class NotAValue(ValueError):
    """The scalar is none that JSON can hold; the message says why."""


def resolve(text: str, tag: str | None, plain: bool) -> ScalarValue:
    """The value of a scalar. `plain` says that it is written without quotes. Raises NotAValue."""
    if tag == TAG + "str" or tag == "!" or (tag is None and not plain):
        return text
    value = _untagged(text)
    if tag is None or _has_tag(value, tag):
        return value
    raise NotAValue(f"does not fit its tag !!{tag.removeprefix(TAG)}")


def _has_tag(value: ScalarValue, tag: str) -> bool:
    if value is None:
        return tag == TAG + "null"
    kinds = {bool: ("bool",), int: ("int", "float"), float: ("float",), str: ()}
    return tag.removeprefix(TAG) in kinds[type(value)]


def _untagged(text: str) -> ScalarValue:
    if _NULL.fullmatch(text):
        return None
    if _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    return _number(text)


def _number(text: str) -> ScalarValue:
    for pattern, base in ((_DECIMAL, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            _refuse_long(text)
            return int(text if base == 10 else text[2:], base)
    if _FLOAT.fullmatch(text):
        _refuse_long(text)
        value = float(text)
        if math.isfinite(value):
            return value
        raise NotAValue("is too large a number")
    if _NOT_FINITE.fullmatch(text):
        raise NotAValue("is a number that JSON does not have")
    return text


def _refuse_long(text: str) -> None:
    if len(text) > _LONGEST_NUMBER:
        raise NotAValue("is too long a number")
