"""Commit trailers: how Lockstep writes them and reads what git parsed. Never guesses at a message itself."""

from collections.abc import Mapping, Sequence

RELEASE = "Lockstep-Release"
ENVIRONMENT = "Lockstep-Environment"
APPLICATION = "Lockstep-Application"  # once for each application
SOURCE_COMMIT = "Lockstep-Source-Commit"
EFFECT = "Lockstep-Effect"

_PAIR_END = "\x1e"
_KEY_END = "\x1f"

LOG_PLACEHOLDER = "%(trailers:only=true,unfold=true,separator=%x1E,key_value_separator=%x1F)"
"""For `git log --format`: git decides what a trailer is; `parse` only takes its answer apart."""


def write_message(message: str, trailers: Sequence[tuple[str, str]]) -> str:
    """The message with the trailers as its last paragraph.

    Raises ValueError for an empty message, and for a key or value that git would read back differently.
    """
    body = message.replace("\r\n", "\n").replace("\0", "").strip()
    if not body:
        raise ValueError("A commit needs a message.")
    lines = []
    for key, value in trailers:
        if not key.isascii() or not key.replace("-", "").isalnum():
            raise ValueError(f"{key!r} is no trailer name: use letters, digits and hyphens.")
        if value != value.strip() or not value or any(ord(character) < 32 for character in value):
            raise ValueError(f"The trailer {key} needs one line without blanks around it, not {value!r}.")
        lines.append(f"{key}: {value}")
    return body + "\n\n" + "\n".join(lines) + "\n" if lines else body + "\n"


def parse(raw: str) -> Mapping[str, tuple[str, ...]]:
    """Values by name in the order of the message, from what LOG_PLACEHOLDER printed."""
    found: dict[str, tuple[str, ...]] = {}
    for pair in raw.split(_PAIR_END):
        key, separator, value = pair.partition(_KEY_END)
        if separator:
            found[key.strip()] = (*found.get(key.strip(), ()), value.strip())
    return found
