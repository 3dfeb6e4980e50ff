"""The words of Git work: values, the intent port and errors. Runs nothing and never imports GitPython.

Paths are `str` relative to the repository's root with `/` between components; a name that is not UTF-8
is carried with surrogate escapes. Commits are full lower-case hexadecimal SHAs.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, Protocol

FILE_MODES = frozenset({"100644", "100755"})
SYMLINK_MODE = "120000"
GITLINK_MODE = "160000"
TREE_MODE = "40000"

OnGit = Callable[[str, float], None]
"""Called after each git child with the operation's name and the seconds it took."""


class GitError(Exception):
    """Something went wrong with a repository; the message is a sentence for a person, free of credentials."""

    retryable: ClassVar[bool] = False
    """Whether the same call may succeed later without anybody changing anything."""


class InvalidRepositoryUrl(GitError):
    """The repository's URL is of a kind that is not allowed, or carries a password."""


class RepositoryUnreachable(GitError):
    """The remote did not answer: name resolution, connection or transfer failed."""

    retryable: ClassVar[bool] = True


class GitTimeout(RepositoryUnreachable):
    """A git child ran longer than it was given and was ended."""


class AuthenticationFailed(GitError):
    """The remote refused the credentials, or none were found."""


class RepositoryNotFound(GitError):
    """The remote answered that there is no such repository, or none that these credentials may see."""


class BranchMissing(GitError):
    """The remote has no such branch."""


class GitCommandFailed(GitError):
    """git failed for a reason without a class of its own (a full disk, a damaged mirror ...)."""

    retryable: ClassVar[bool] = True


class PushRejected(GitError):
    """The remote did not take a push.

    `reason` is "stale" while others keep pushing first (worth another try later) and "refused" when the
    remote does not want it.
    """

    def __init__(self, reason: Literal["stale", "refused"], message: str) -> None:
        super().__init__(message)
        self.reason = reason

    @property
    def retryable(self) -> bool:  # type: ignore[override]  # depends on the reason, not on the class
        return self.reason == "stale"


class HistoryRewritten(GitError):
    """The commit that the promotion started from is no longer part of the branch."""


class UnsafePath(GitError):
    """A path that must not be written: `..`, `.git`, through a symbolic link or submodule, and the like."""


class InvalidObjects(GitError):
    """Git's strict check refused what was about to be committed, for example a hostile .gitmodules."""


@dataclass(frozen=True)
class Credentials:
    """User name and password or token for an https remote; given to git through its environment only."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Identity:
    name: str
    email: str


@dataclass(frozen=True)
class Blob:
    """A file at a commit; `mode` is git's, for example "100644", "100755" or "120000" (symbolic link)."""

    path: str
    content: bytes
    mode: str


@dataclass(frozen=True)
class CommitInfo:
    """One commit; `date` is the committer's, with its zone; `trailers` are read by git's own rules."""

    sha: str
    parents: tuple[str, ...]
    author_name: str
    author_email: str
    date: datetime
    message: str
    trailers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class CommitFiles:
    """What one commit did to some files: path -> (blob before, blob after), None where the file is not there."""

    sha: str
    files: Mapping[str, tuple[str | None, str | None]]


class TreeReader(Protocol):
    """The files as they will be just before an edit's commit: the remote's tip plus the edits before it."""

    @property
    def commit(self) -> str:
        """The remote's tip that the push builds on."""
        ...

    def read(self, path: str) -> Blob | None:
        """The file, or None where there is none (nor behind a symbolic link)."""
        ...

    def list_files(self, directory: str) -> list[str]:
        """Sorted paths of all files and symbolic links below the directory ("" is the root)."""
        ...


@dataclass(frozen=True)
class FileWrite:
    """New content of a file. Without `mode` the file keeps its own ("100644" for a new file)."""

    path: str
    content: bytes
    mode: str | None = None


@dataclass(frozen=True)
class ChangeSet:
    files: tuple[FileWrite, ...]


@dataclass(frozen=True)
class NoChanges:
    """The branch already holds what the edit wants."""


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed what the edit wants to change; `path` is the file to look for the culprit in."""

    message: str
    path: str


@dataclass(frozen=True)
class Refused:
    """The edit cannot be made or the remote does not want it; the others of its wave are not affected."""

    message: str


Computed = ChangeSet | NoChanges | Conflict | Refused


@dataclass(frozen=True)
class Edit:
    """One commit to make. `compute` runs again on every new tip, so it must depend on its reader alone.

    `effect_key` names the effect for ever and is written as the trailer Lockstep-Effect. `date` (with zone)
    dates author and committer, so that the same edit on the same parent has the same SHA.
    """

    effect_key: str
    message: str
    trailers: Sequence[tuple[str, str]]
    author: Identity
    date: datetime
    compute: Callable[[TreeReader], Computed]
    committer: Identity | None = None


@dataclass(frozen=True)
class Committed:
    """The edit is on the branch as `sha`; `changes` are the paths written; `parent` is what it stands on.

    `earlier` is true when an earlier push had already landed it.
    """

    sha: str
    changes: tuple[str, ...]
    parent: str
    earlier: bool = False


@dataclass(frozen=True)
class Unchanged:
    """Nothing to do; `tip` is the commit of the branch at which that was so."""

    tip: str


@dataclass(frozen=True)
class Conflicted:
    """`commit` and `author` name the last change of the file since the base, where there is one."""

    message: str
    commit: str | None
    author: str | None


@dataclass(frozen=True)
class Abandoned:
    """The intent store no longer wants this edit (terminated, or claimed by another worker)."""


EditResult = Committed | Unchanged | Conflicted | Refused | Abandoned


@dataclass(frozen=True)
class Intent:
    """What a push is about to do, recorded before it: enough to find out later whether it landed."""

    effect_key: str
    repository: str
    branch: str
    base: str
    parent: str
    candidate: str


@dataclass(frozen=True)
class Landed:
    sha: str


@dataclass(frozen=True)
class NotLanded:
    """The branch at `tip` (None: the branch is gone) does not hold the effect."""

    tip: str | None


@dataclass(frozen=True)
class Unknown:
    """The remote could not be asked; try again later."""

    message: str


class IntentStore(Protocol):
    """Where intents outlive the process. Both methods commit durably before they return."""

    def record(self, intents: Sequence[Intent]) -> Collection[str]:
        """Record all intents, called right before their push.

        Returns the effect keys that must not be pushed any more. When there are any, nothing has been
        pushed, the chain is rebuilt without them, and `record` is called again with the new candidates.
        """
        ...

    def settle(self, outcomes: Sequence[tuple[Intent, Landed | NotLanded]]) -> None:
        """Note what is now known about intents recorded before."""
        ...
