"""Sentences for what the YAML parser refuses; never decides by itself whether a text is valid."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from promotions.manifests.problems import Problem, Source

_DIRECTIVE = 'A line that begins with "%" is for YAML itself. Remove it: a manifest needs none.'
_ANCHOR = (
    'An anchor or alias needs a name of letters, digits, "-" and "_". Put the text in quotes if it is meant '
    "as text."
)
_BAD_TAG = "This tag cannot be read. Remove it: a manifest needs no tags."
# (part of libyaml's message and its context, code, sentence, whether the start of the construct is the better place)
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
    (
        "block sequence entries are not allowed",
        "syntax",
        'A list item cannot begin here. Begin it on a line of its own, or put the text in quotes if the "-" '
        "belongs to it.",
        False,
    ),
    (
        "mapping keys are not allowed",
        "syntax",
        'A field cannot begin here with "?". Put the text in quotes if the "?" belongs to it.',
        False,
    ),
    (
        "did not find expected node content",
        "syntax",
        "A value is missing here. Write one, or remove what stands around it.",
        False,
    ),
    (
        "found unexpected ':'",
        "syntax",
        'A ":" inside brackets needs a space behind it. Add one, or put the text in quotes.',
        False,
    ),
    (
        "found unexpected document indicator",
        "syntax",
        "A document begins or ends here inside quotes that opened above. Close them, or indent this line.",
        False,
    ),
    (
        "did not find expected hexdecimal number",
        "syntax",
        "This escape names no character. Write the backslash twice, or use single quotes.",
        False,
    ),
    (
        "found invalid Unicode character escape code",
        "syntax",
        "This escape names no character. Write the backslash twice, or use single quotes.",
        False,
    ),
    (
        "did not find expected <document start>",
        "syntax",
        'A new document begins with "---". Add it above this line, or remove what does not belong here.',
        False,
    ),
    (
        "while scanning a block scalar",
        "syntax",
        'Behind "|" or ">" only a line break may follow, after "+", "-" or a digit perhaps. Begin the text '
        "on the next line.",
        False,
    ),
    ("directive", "syntax", _DIRECTIVE, False),
    ("incompatible YAML document", "syntax", _DIRECTIVE, False),
    ("while scanning an anchor", "syntax", _ANCHOR, False),
    ("while scanning an alias", "syntax", _ANCHOR, False),
    ("while scanning a tag", "syntax", _BAD_TAG, False),
    ("while parsing a tag", "syntax", _BAD_TAG, False),
)
_COMMENT = 'A comment needs a space in front of its "#". Add one.'
# A line break, the spaces behind it, and a line that is not empty.
_LINE = re.compile(r"(?:\r\n|\n|\r)( *)(?![ \r\n])")
_TAB = (
    "A tab stands in the indentation. Use spaces; YAML has no tabs there, and editors show them in "
    "different widths."
)


def syntax_problem(source: Source, error: yaml.YAMLError, offset: int) -> Problem:
    """The Problem for an exception of PyYAML's C parser; `offset` is added to its character indexes."""
    mark = getattr(error, "problem_mark", None)
    told = str(getattr(error, "problem", None) or error)
    context = getattr(error, "context", None) or ""
    index = 0 if mark is None else min(len(source.text), mark.index + offset)
    if source.text[index : index + 1] == "\t" or _tab_before(source, index):
        return tab_problem(source, source.position(index)[0])
    for part, code, sentence, at_start in _SENTENCES:
        if part in f"{told} {context}":
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


def let_pass(source: Source, start: int, end: int, column: int, *, in_brackets: bool) -> Iterator[Problem]:
    """What libyaml lets pass in quotes or brackets at [start, end), and YAML 1.2 and the Flow Builder's
    chart do not: a comment without a space in front, and a line too far left for what belongs to a field
    or item at a column (from 0; -1 is the whole document). In brackets comments may stand anywhere, and
    the last bracket below its own field."""
    if source.text[end : end + 1] == "#":
        yield source.problem("syntax", _COMMENT, end, end + 1)
    for line in _LINE.finditer(source.text, start, end) if column >= 0 else ():
        at, indent = line.end(), len(line.group(1))
        last = at == end - 1 and indent == column
        if at >= end or indent > column or (in_brackets and (source.text[at] == "#" or last)):
            continue
        what = "What stands in brackets" if in_brackets else "The text in quotes"
        message = (
            f"{what} that begins on line {source.position(start)[0]} goes on too far left here. Indent this "
            f"line by at least {column + 1} spaces."
        )
        yield source.problem("syntax", message, at, at + 1)
        return


def _tab_before(source: Source, index: int) -> bool:
    line = source.position(index)[0]
    before = source.text[source.line_start(line) : index]
    return "\t" in before and not before.strip(" \t\ufeff")
