"""Sentences for what the YAML parser refuses; never decides by itself whether a text is valid."""

from __future__ import annotations

import yaml

from promotions.manifests.problems import Problem, Source

# (part of libyaml's message, code, sentence, whether the start of the construct is the better place)
_SENTENCES: tuple[tuple[str, str, str, bool], ...] = (
    (
        "mapping values are not allowed",
        "syntax",
        'A ":" stands where no field can begin. Indent the line like its neighbours, or put the text in '
        'quotes if the ":" belongs to it.',
        False,
    ),
    (
        "found unexpected end of stream",
        "syntax",
        "The quote that opens here is never closed. Close it.",
        True,
    ),
    (
        "did not find expected ',' or ']'",
        "syntax",
        'The list that opens here with "[" is not closed. Add "]", or the comma that is missing inside.',
        True,
    ),
    (
        "did not find expected ',' or '}'",
        "syntax",
        'The mapping that opens here with "{" is not closed. Add "}", or the comma that is missing inside.',
        True,
    ),
    (
        "did not find expected '-' indicator",
        "syntax",
        'A list goes on here with something that is no item. Begin the line with "- ", or indent it '
        "differently so that the list ends before it.",
        False,
    ),
    (
        "did not find expected key",
        "syntax",
        "This line does not fit the fields around it. Indent it exactly like them, and look for a quote or "
        "bracket left open above.",
        False,
    ),
    (
        "could not find expected ':'",
        "syntax",
        'A field needs a ":" after its name. Add it, followed by a space.',
        True,
    ),
    (
        "found character that cannot start any token",
        "syntax",
        "No plain text can begin with this character. Put the value in quotes.",
        False,
    ),
    (
        "found unknown escape character",
        "syntax",
        "There is no such escape in double quotes. Write the backslash twice, or use single quotes.",
        False,
    ),
    (
        "found undefined tag handle",
        "tag",
        "This tag is not known here. Remove it: a manifest needs no tags.",
        True,
    ),
)
_TAB = (
    "A tab stands in the indentation. Use spaces; YAML has no tabs there, and editors show them in "
    "different widths."
)


def syntax_problem(source: Source, error: yaml.YAMLError, offset: int) -> Problem:
    """The Problem for an exception of PyYAML's C parser; `offset` is added to its character indexes."""
    mark = getattr(error, "problem_mark", None)
    told = str(getattr(error, "problem", None) or error)
    index = 0 if mark is None else min(len(source.text), mark.index + offset)
    if source.text[index : index + 1] == "\t" or _tab_before(source, index):
        return tab_problem(source, source.position(index)[0])
    for part, code, sentence, at_start in _SENTENCES:
        if part in told:
            begin = getattr(error, "context_mark", None) if at_start else None
            return source.problem(code, sentence, index if begin is None else begin.index + offset)
    return source.problem("syntax", f"This is not valid YAML: {told}.", index)


def tab_problem(source: Source, line: int) -> Problem:
    """The Problem for a line (from 1) that has a tab in its indentation."""
    text = source.line_text(line)
    start = source.line_start(line)
    indentation = len(text) - len(text.lstrip(" \t\ufeff"))
    tab = max(0, text.find("\t"))
    return source.problem("tab", _TAB, start + tab, start + max(indentation, tab + 1), suggestion="  ")


def _tab_before(source: Source, index: int) -> bool:
    line = source.position(index)[0]
    before = source.text[source.line_start(line) : index]
    return "\t" in before and not before.strip(" \t\ufeff")
