"""Who else speaks of environments by name, registered at start by the apps above. Never imports them."""

from __future__ import annotations

from collections.abc import Callable

# (old name, new name, user's name): rewrites every reference inside the caller's transaction.
RenameHook = Callable[[str, str, str], None]
# environment's name -> sentences that say what refers to it, e.g. "the flow checkout".
ReferenceHook = Callable[[str], list[str]]
# Called inside the transaction that changed which places belong to which environment.
PlacesHook = Callable[[], None]

_rename: list[RenameHook] = []
_referenced: list[ReferenceHook] = []
_places: list[PlacesHook] = []


def on_rename(hook: RenameHook) -> None:
    _rename.append(hook)


def referenced_by(hook: ReferenceHook) -> None:
    _referenced.append(hook)


def on_places_changed(hook: PlacesHook) -> None:
    _places.append(hook)


def rename_references(old: str, new: str, user: str) -> None:
    for hook in _rename:
        hook(old, new, user)


def references_to(name: str) -> list[str]:
    return [sentence for hook in _referenced for sentence in hook(name)]


def places_changed() -> None:
    for hook in _places:
        hook()
