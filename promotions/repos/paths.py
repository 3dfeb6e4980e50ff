"""Which paths may be written to a repository. Pure text and tree checks; never touches a disk."""

from collections.abc import Callable

from promotions.repos.base import FILE_MODES, GITLINK_MODE, SYMLINK_MODE, TREE_MODE, UnsafePath

# Code points that HFS+ ignores in names: ".g<U+200C>it" is ".git" on a Mac.
_IGNORED_BY_HFS = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF], None
)
_MAX_PATH_BYTES = 4096


def check_path(path: str) -> None:
    """Raises UnsafePath unless every component is an ordinary name on every common file system."""
    if not path or path.startswith("/") or path.endswith("/"):
        raise UnsafePath(f"The path {path!r} must be relative to the repository and name a file.")
    if "\0" in path or len(path.encode("utf-8", "surrogateescape")) > _MAX_PATH_BYTES:
        raise UnsafePath(f"The path {path[:80]!r} is too long or contains a null character.")
    for component in path.split("/"):
        if component in {"", ".", ".."} or "\\" in component:
            raise UnsafePath(f"The path {path!r} contains {component!r} and could leave its directory.")
        if _means_dot_git(component):
            raise UnsafePath(f"The path {path!r} leads into Git's own directory ({component!r}).")


def check_target(path: str, mode_at: Callable[[str], str | None]) -> None:
    """Raises UnsafePath where a parent is no directory, or the target itself is no ordinary file.

    `mode_at` gives git's mode of a path in the tree, or None where nothing is.
    """
    components = path.split("/")
    for depth in range(1, len(components)):
        parent = "/".join(components[:depth])
        mode = mode_at(parent)
        if mode is None:
            return  # nothing below either: the directories will be new
        if mode != TREE_MODE:
            raise UnsafePath(f"{path!r} cannot be written: {parent!r} is {_what(mode)}, not a directory.")
    mode = mode_at(path)
    if mode is not None and mode not in FILE_MODES:
        raise UnsafePath(f"{path!r} cannot be written: it is {_what(mode)}, not a file.")


def _means_dot_git(component: str) -> bool:
    # Windows drops trailing dots and blanks, ends a name at ":", and knows ".git" as "git~1" too.
    name = component.translate(_IGNORED_BY_HFS).casefold().split(":")[0].rstrip(". ")
    return name in {".git", "git~1"}


def _what(mode: str) -> str:
    names = {SYMLINK_MODE: "a symbolic link", GITLINK_MODE: "a submodule", TREE_MODE: "a directory"}
    return names.get(mode, "a file")
