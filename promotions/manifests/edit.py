"""Changes the name or version in a manifest's text and keeps every other byte; never writes YAML anew."""

from __future__ import annotations

import json
import re
from typing import Any

from promotions.manifests.names import NAME_RULE, is_name, nearest_name
from promotions.manifests.problems import ManifestError, Problem, Source, quoted
from promotions.manifests.tree import Mapping, Node, Pair, Scalar, decode, read_trees, to_data

# Words and figures that some reader of YAML (1.1 or 1.2) takes for something else than text.
_NOT_TEXT = re.compile(r"(?:y|n|yes|no|on|off|true|false|null)|[0-9.].*")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


def with_name(text: str, new_name: str) -> str:
    """The text with another `metadata.name`, quoted as the old one was. Raises ManifestError when the new
    name is none, or when the text is not one manifest with a name that can be changed in its place."""
    if not is_name(new_name):
        message = f"{quoted(new_name)} is no valid name: {NAME_RULE}."
        problem = Problem("error", message, 1, 1, 1, 1, "metadata.name", "bad-name", nearest_name(new_name))
        raise ManifestError([problem])
    source, root = _only_mapping(text)
    metadata = _inner(source, root, "metadata")
    old = _scalar(source, metadata.pairs.get("name"), "metadata.name")
    quote = old.style or ('"' if _NOT_TEXT.fullmatch(new_name) else "")
    wanted = to_data(root)
    wanted["metadata"]["name"] = new_name
    return _spliced(source, old, f"{quote}{new_name}{quote}", wanted)


def with_version(text: str, version: str) -> str:
    """The text with another `metadata.annotations.version`, always in double quotes and added where it is
    absent. Raises ManifestError when the version is not one printable line, or when the text is not one
    manifest with a place for it."""
    if not version.strip() or not version.isprintable():
        message = f"{quoted(version)} is no version: write one line of text."
        path = "metadata.annotations.version"
        raise ManifestError([Problem("error", message, 1, 1, 1, 1, path, "bad-version")])
    source, root = _only_mapping(text)
    metadata = _inner(source, root, "metadata")
    written = json.dumps(version, ensure_ascii=False)
    wanted = to_data(root)
    wanted["metadata"]["annotations"] = {
        **(wanted["metadata"].get("annotations") or {}),
        "version": version,
    }
    if "annotations" not in metadata.pairs:
        return _added_below_name(source, metadata, written, wanted)
    pair = metadata.pairs["annotations"]
    if isinstance(pair.value, Scalar) and pair.value.value is None:
        old = _scalar(source, pair, "metadata.annotations")
        return _spliced(source, old, f"{{version: {written}}}", wanted)
    annotations = _inner(source, metadata, "annotations")
    if "version" in annotations.pairs:
        old = _scalar(source, annotations.pairs["version"], "metadata.annotations.version")
        return _spliced(source, old, written, wanted)
    return _added_to_annotations(source, annotations, written, wanted)


def _only_mapping(text: str) -> tuple[Source, Mapping]:
    source = decode(text)
    trees = read_trees(source)
    if len(trees) != 1 or not isinstance(trees[0].root, Mapping):
        raise _refusal(source, 0, "This is not one manifest, so nothing in it can be changed by itself.")
    if trees[0].problems:
        raise ManifestError(trees[0].problems)
    return source, trees[0].root


def _inner(source: Source, parent: Mapping, name: str) -> Mapping:
    pair = parent.pairs.get(name)
    if pair is None or not isinstance(pair.value, Mapping):
        raise _refusal(source, parent.start, f'The manifest has no mapping "{name}". Write one by hand.')
    if pair.shared or pair.value.anchor is not None:
        raise _refusal(source, pair.key.start, _SHARED.format(name))
    return pair.value


_SHARED = '"{}" is shared with another part of the text (an anchor or alias). Change it by hand.'


def _scalar(source: Source, pair: Pair | None, path: str) -> Scalar:
    if pair is None:
        raise _refusal(source, 0, f'The manifest has no "{path}". Write one by hand.')
    if pair.shared or pair.value.anchor is not None:
        raise _refusal(source, pair.key.start, _SHARED.format(path))
    if not isinstance(pair.value, Scalar) or pair.value.tagged or pair.value.style in ("|", ">"):
        raise _refusal(source, pair.key.start, f'"{path}" is no plain line of text. Change it by hand.')
    return pair.value


def _added_below_name(source: Source, metadata: Mapping, written: str, wanted: Any) -> str:
    name = _scalar(source, metadata.pairs.get("name"), "metadata.name")
    if metadata.flow:
        return _inserted(source, name.end, f", annotations: {{version: {written}}}", wanted)
    indent, line_break = _layout(source, metadata.pairs["name"].key)
    found = _LINE_BREAK.search(source.text, name.end)
    end = found.start() if found else len(source.text)
    added = f"{line_break}{indent}annotations:{line_break}{indent}  version: {written}"
    return _inserted(source, end, added, wanted)


def _added_to_annotations(source: Source, annotations: Mapping, written: str, wanted: Any) -> str:
    if annotations.flow:
        behind = ", " if annotations.pairs else ""
        return _inserted(source, annotations.start + 1, f"version: {written}{behind}", wanted)
    first = min((pair.key for pair in annotations.pairs.values()), key=lambda key: key.start)
    indent, line_break = _layout(source, first)
    return _inserted(source, first.start, f"version: {written}{line_break}{indent}", wanted)


def _layout(source: Source, key: Scalar) -> tuple[str, str]:
    """The indentation of a key that begins its line, and the line break that the text uses."""
    line = source.position(key.start)[0]
    indent = source.text[source.line_start(line) : key.start]
    if indent.strip(" "):
        raise _refusal(source, key.start, "The line begins with something else. Add the version by hand.")
    found = _LINE_BREAK.search(source.text)
    return indent, found.group() if found else "\n"


def _spliced(source: Source, old: Node, new: str, wanted: Any) -> str:
    start, end = old.start, old.end
    if start == end and source.text[start - 1 : start] == ":":
        new = " " + new
    return _checked(source, source.text[:start] + new + source.text[end:], start, wanted)


def _inserted(source: Source, index: int, added: str, wanted: Any) -> str:
    return _checked(source, source.text[:index] + added + source.text[index:], index, wanted)


def _checked(source: Source, text: str, index: int, wanted: Any) -> str:
    """The new text, once it is sure to say what was meant."""
    _, root = _only_mapping(text)
    if to_data(root) != wanted:
        raise _refusal(source, index, "The text is written in a way that cannot be changed here by itself.")
    return text


def _refusal(source: Source, index: int, message: str) -> ManifestError:
    return ManifestError([source.problem("not-editable", message, index)])
