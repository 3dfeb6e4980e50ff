"""Random YAML texts in the layouts that people use: comments, quotes, indentation, line endings.

Drawn from a seed and not choice by choice: a document takes a hundred choices, and drawing those one by one
costs Hypothesis fifty times what the code under test costs.
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

KEYS = ["a", "b", "c", "tag", "image", "name", "'q d'", '"ü"', "8080", "x.y/z", "on"]
WORDS = ["v1.2", "58.10", "1", "true", "foo", "日本 語", "a b", "x:y", "1e5", "😀", "-1", "null", "~"]
COMMENTS = ["", "", "", " # note", "  # ünïcode: {[", " # - x: 1"]
BETWEEN: list[list[str]] = [[], [], [], [""], ["# own line"], ["", "   # far in: 'x'", ""]]


def documents() -> st.SearchStrategy[bytes]:
    """Whole files whose root is a block map."""
    return st.integers(0, 2**40).map(document)


def document(seed: int) -> bytes:
    pick = Random(seed)
    lines = [*pick.choice(BETWEEN), *_map(pick, 0, 3), *pick.choice(BETWEEN)]
    if pick.random() < 0.2:
        lines = ["---", *lines]
    newline = pick.choice(["\n", "\n", "\r\n"])
    text = newline.join(lines) + pick.choice([newline, newline, ""])
    return (pick.choice(["", "", "", "\ufeff"]) + text).encode()


def _keys(pick: Random, least: int) -> list[str]:
    return pick.sample(KEYS, pick.randint(least, 4))


def _scalar(pick: Random, forms: list[str]) -> str:
    """One line of scalar text."""
    word, form = pick.choice(WORDS), pick.choice(forms)
    if form == "single":
        return "'" + word + pick.choice(["", "''s", " # no comment", ": "]) + "'"
    if form == "double":
        return '"' + word + pick.choice(["", "\\n", "\\u00e9", " # no comment", '\\"']) + '"'
    return word if form == "plain" else ""


def _flow(pick: Random, depth: int) -> str:
    """A flow collection or scalar on one line."""
    kind = pick.choice(["scalar", "scalar", "map", "list"] if depth else ["scalar"])
    if kind == "scalar":
        return _scalar(pick, ["plain", "single", "double"])
    pad = pick.choice(["", " "])
    if kind == "map":
        inner = ", ".join(f"{key}: {_flow(pick, depth - 1)}" for key in _keys(pick, 0))
    else:
        inner = ", ".join(_flow(pick, depth - 1) for _ in range(pick.randint(0, 3)))
    left, right = ("{", "}") if kind == "map" else ("[", "]")
    return left + (f"{pad}{inner}{pad}" if inner else "") + right


def _value(pick: Random, indent: int, depth: int, in_map: bool) -> tuple[str, list[str]]:
    """(rest of the line behind the key or dash, further lines) of a value whose parent stands at `indent`."""
    kinds = ["scalar", "scalar", "scalar", "flow", "literal", "lines"]
    kind = pick.choice([*kinds, "map", "map", "list"] if depth else kinds)
    comment = pick.choice(COMMENTS)
    inner = indent + pick.choice([1, 2, 2, 4])
    if kind == "scalar":
        text = _scalar(pick, ["plain", "plain", "single", "double", "empty"])
        return (f" {text}" if text else "") + comment, []
    if kind == "flow":
        return f" {_flow(pick, 2)}{comment}", []
    if kind == "literal":
        lines = pick.choices(["one", "# text", "", "  deeper", "k: v", "é"], k=pick.randint(0, 4))
        header = pick.choice(["|", "|-", ">", ">-", "|+"])
        return f" {header}{comment}", [
            " " * inner + "start",
            *(" " * inner + line if line else "" for line in lines),
        ]
    if kind == "lines":
        mark = pick.choice(["", "'", '"'])
        return f" {mark}first", [" " * inner + f"second{mark}" + (comment if mark else "")]
    if kind == "map":
        return comment, _map(pick, inner, depth - 1)
    return comment, _list(pick, indent if in_map and pick.random() < 0.5 else inner, depth - 1)


def _map(pick: Random, indent: int, depth: int) -> list[str]:
    lines: list[str] = []
    for key in _keys(pick, 1):
        rest, further = _value(pick, indent, depth, in_map=True)
        lines += [*pick.choice(BETWEEN), f"{' ' * indent}{key}:{rest}", *further]
    return lines


def _list(pick: Random, indent: int, depth: int) -> list[str]:
    lines: list[str] = []
    for _ in range(pick.randint(1, 3)):
        if depth and pick.random() < 0.5:
            first, *further = _map(pick, indent + 2, depth - 1)
            if first.startswith(" " * (indent + 2)) and first.strip()[:1] != "#":
                lines += [f"{' ' * indent}- {first[indent + 2 :]}", *further]
                continue
        rest, further = _value(pick, indent, depth, in_map=False)
        lines += [*pick.choice(BETWEEN), f"{' ' * indent}-{rest}", *further]
    return lines
