"""One bare mirror of a repository: fetches named branches and reads commits. Never pushes, never a work tree.

Any number of processes may open the same mirror. What a fetch returns counts, not the mirror's refs: another
process may move those at any time. One Mirror object is for one thread.
"""

import hashlib
import os
import random
import shutil
import tempfile
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from promotions.repos import history, trailers
from promotions.repos.base import (
    FILE_MODES,
    Blob,
    BranchMissing,
    CommitFiles,
    CommitInfo,
    Credentials,
    GitCommandFailed,
    GitError,
    OnGit,
)
from promotions.repos.environment import checked_url, child_environment, scrub
from promotions.repos.fast_import import SCRATCH_PREFIX
from promotions.repos.process import GitRunner
from promotions.repos.trees import Trees

DEFAULT_TIMEOUT = 30.0
_TRACKING = "refs/remotes/origin/"
_FETCH_TRIES = 4
_SCRATCH_SECONDS = 3600.0
_QUIET_FAILURE = frozenset({0, 1, 128})


class Mirror:
    """Made by `Mirror.open`; close it, or use it in a `with`, to end its reading child."""

    def __init__(self, git: GitRunner, url: str, *, timeout: float, ask_timeout: float | None = None) -> None:
        self.git = git
        self.url = url
        # For messages: the user name in a URL may be a token.
        self.name = scrub(url)
        self.timeout = timeout
        self._ask_timeout = timeout if ask_timeout is None else min(timeout, ask_timeout)
        self._default_branch: str | None = None
        self.trees = Trees(self._object)

    @classmethod
    def open(
        cls,
        root: Path,
        url: str,
        *,
        credentials: Credentials | None = None,
        timeout: float = DEFAULT_TIMEOUT,
        ask_timeout: float | None = None,
        allow_file: bool = False,
        on_git: OnGit | None = None,
    ) -> Self:
        """The mirror of `url` below `root`, made if it is not there; contacts nobody.

        `timeout` is in seconds, for each git child; `ask_timeout` for those that only ask the remote which
        branches it has, where somebody waits. A transfer that is cut off would have to begin anew.
        Raises InvalidRepositoryUrl and GitError.
        """
        checked = checked_url(url, allow_file=allow_file)
        directory = root.absolute() / f"{hashlib.sha256(checked.encode()).hexdigest()[:40]}.git"
        environment = child_environment(checked, credentials=credentials, allow_file=allow_file)
        secrets = () if credentials is None else (credentials.password,)
        try:
            if directory.exists():
                _remove_old_scratch(directory)
            else:
                _create(directory, checked, environment, timeout=timeout)
        except OSError as error:
            raise GitCommandFailed(f"The mirror of {scrub(checked)} cannot be made ready: {error}") from error
        git = GitRunner(
            directory, repository=scrub(checked), environment=environment, secrets=secrets, on_git=on_git
        )
        return cls(git, checked, timeout=timeout, ask_timeout=ask_timeout)

    def close(self) -> None:
        self.git.git.clear_cache()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- the remote ---

    def probe(
        self, branches: Collection[str] | None = None, *, timeout: float | None = None
    ) -> dict[str, str]:
        """Tips of the remote's branches (all, or those named) by branch name; absent ones are left out.

        Raises RepositoryUnreachable, AuthenticationFailed, RepositoryNotFound, GitTimeout.
        """
        patterns = [] if branches is None else [f"refs/heads/{branch}" for branch in branches]
        lines = self._ls_remote("--heads", "--", self.url, *patterns, timeout=timeout)
        tips: dict[str, str] = {}
        for line in lines:
            sha, _, ref = line.partition("\t")
            branch = ref.removeprefix("refs/heads/")
            if ref != branch and (branches is None or branch in branches):
                tips[branch] = sha
        return tips

    def branch_name(self, branch: str, *, timeout: float | None = None) -> str:
        """The branch itself, or the remote's default branch for the literal HEAD. Raises BranchMissing."""
        if branch != "HEAD":
            return branch
        if self._default_branch is None:
            for line in self._ls_remote("--symref", "--", self.url, "HEAD", timeout=timeout):
                target, _, ref = line.partition("\t")
                if ref == "HEAD" and target.startswith("ref: refs/heads/"):
                    self._default_branch = target.removeprefix("ref: refs/heads/")
        if self._default_branch is None:
            raise BranchMissing(f"{self.name} has no default branch: name a branch instead of HEAD.")
        return self._default_branch

    def fetch(self, branches: Sequence[str], *, timeout: float | None = None) -> dict[str, str]:
        """Bring the branches' full history here; returns their tips by the names given.

        Asks for the tips first and transfers only what is missing. A branch that the remote lacks is left
        out. Raises as `probe` does.
        """
        names = {branch: self.branch_name(branch, timeout=timeout) for branch in branches}
        for attempt in range(1, _FETCH_TRIES + 1):
            tips = self.probe(set(names.values()), timeout=timeout)
            wanted = [branch for branch, sha in tips.items() if self.tip(branch) != sha]
            failure = self._transfer(wanted, timeout=timeout) if wanted else None
            if all(self._holds(branch, tips[branch]) for branch in wanted):
                self._forget(set(names.values()) - set(tips))
                return {branch: tips[name] for branch, name in names.items() if name in tips}
            if failure is not None and (not isinstance(failure, GitCommandFailed) or attempt == _FETCH_TRIES):
                raise failure
            # Another process held a ref's lock, or the branch was replaced between the two commands.
            time.sleep(random.uniform(0, 0.05 * 2**attempt))  # jitter, no secret
        raise GitCommandFailed(f"The branches of {self.name} change faster than they can be fetched.")

    # --- what is here ---

    def tip(self, branch: str) -> str | None:
        """The branch as last fetched by any process, or None; ask `fetch` for what the remote has now."""
        return self.resolve(_TRACKING + branch)

    def resolve(self, revision: str) -> str | None:
        """The commit that a SHA or full ref name stands for, or None."""
        if not revision or any(character in revision for character in " \n\0"):
            return None
        found = self._lookup(f"{revision}^{{commit}}")
        return None if found is None else found[0]

    def read(self, commit: str, path: str) -> Blob | None:
        return self.trees.read(commit, path)

    def list_files(self, commit: str, directory: str) -> list[str]:
        """Sorted paths, from the repository's root, of the files and symbolic links below the directory."""
        return self.trees.list_files(commit, directory)

    def blob_ids(self, commit: str, paths: Sequence[str]) -> dict[str, str]:
        """Path -> id of its content, for those of the paths that are files, and the files below those that are
        directories ("" is the root). Equal ids are equal bytes, in every repository."""
        found: dict[str, str] = {}
        for path in paths:
            entry = self.trees.entry(commit, path)
            entries = {path: entry} if entry else {}
            entries |= self.trees.entries(commit, path)
            found |= {name: each.sha for name, each in entries.items() if each.mode in FILE_MODES}
        return found

    def blob(self, blob_id: str) -> bytes | None:
        """The content of the id, or None where it is not here."""
        found = self._object(blob_id)
        return None if found is None else found[1]

    def is_ancestor(self, ancestor: str, descendant: str) -> bool:
        """Whether the commit is the other or part of its history; False where one of them is not here."""
        if ancestor == descendant:
            return self._object(ancestor) is not None
        done = self.git.local(
            "merge-base", "--is-ancestor", ancestor, descendant, timeout=self.timeout, ok=_QUIET_FAILURE
        )
        return done.code == 0

    def commit(self, sha: str) -> CommitInfo:
        """Raises GitCommandFailed where the commit is not here."""
        return self._log("--no-walk", sha)[0]

    def effects_between(self, base: str, tip: str) -> dict[str, CommitInfo]:
        """Commits that `tip` has and `base` has not, by the effect key in their trailers; oldest wins."""
        if base == tip:
            return {}
        found = self._log("--topo-order", "--fixed-strings", f"--grep={trailers.EFFECT}: ", f"{base}..{tip}")
        return {key: commit for commit in found for key in commit.trailers.get(trailers.EFFECT, ())}

    def last_change(self, base: str, tip: str, path: str) -> CommitInfo | None:
        """The newest commit after `base` that changed the path, or None."""
        pathspec = f":(literal,top){path}"
        found = self._log("-1", "--full-history", "--no-merges", f"{base}..{tip}", "--", pathspec)
        return found[0] if found else None

    def last_commit_of(self, revision: str, path: str) -> CommitInfo:
        """The newest commit up to `revision` that changed the path; the revision's own where none did."""
        pathspec = [f":(literal,top){path}"] if path else []
        found = self._log("-1", revision, "--", *pathspec)
        return found[0] if found else self.commit(revision)

    def file_history(self, tip: str, paths: Sequence[str], *, limit: int) -> list[CommitFiles]:
        """The newest commits that changed files at or below the paths, newest first, each with what it did to them.

        Along first parents: what the branch's tip was, one after the other. A merge did what it brought in.
        """
        pathspecs = [f":(literal,top){path}" for path in paths if path]
        done = self.git.local(
            "log", "-z", f"--max-count={limit}", "--first-parent", "--diff-merges=first-parent", "--raw",
            "--no-abbrev", "--no-renames", "--no-show-signature", history.RAW_FORMAT, tip, "--", *pathspecs,
            timeout=self.timeout,
        )  # fmt: skip
        return history.parse_raw(done.stdout)

    def changed_paths(self, commit: str) -> tuple[str, ...]:
        """Paths that the commit changed against its first parent."""
        done = self.git.local(
            "diff-tree", "-r", "-z", "--root", "--no-commit-id", "--name-only", "--no-renames", commit,
            timeout=self.timeout,
        )  # fmt: skip
        names = done.stdout.decode("utf-8", "surrogateescape").split("\0")
        return tuple(name for name in names if name)

    def remember_tip(self, branch: str, sha: str) -> None:
        """Point the tracking ref at a commit just pushed, which spares the next fetch a transfer."""
        self.git.local("update-ref", _TRACKING + branch, sha, timeout=self.timeout, ok=_QUIET_FAILURE)

    def compact(self, *, timeout: float) -> None:
        """Pack the mirror when it has grown untidy; for a quiet hour, as automatic collection is off."""
        self.git.local("gc", "--auto", "--quiet", timeout=timeout, configuration=("gc.auto=2000",))

    def _ls_remote(self, *arguments: str, timeout: float | None) -> list[str]:
        done = self.git.remote("ls-remote", *arguments, timeout=timeout or self._ask_timeout)
        if done.code != 0:
            raise self.git.error("ls-remote", done)
        return done.stdout.decode("utf-8", "surrogateescape").splitlines()

    def _transfer(self, branches: Sequence[str], *, timeout: float | None) -> GitError | None:
        refspecs = [f"+refs/heads/{branch}:{_TRACKING}{branch}" for branch in branches]
        done = self.git.remote(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--",
            self.url, *refspecs, timeout=timeout or self.timeout,
        )  # fmt: skip
        return None if done.code == 0 else self.git.error("fetch", done)

    def _holds(self, branch: str, sha: str) -> bool:
        """Whether the commit came with all of its history: git moves a tracking ref only after checking that.

        The commit alone proves nothing, as an interrupted transfer leaves single objects.
        """
        tip = self.tip(branch)
        return tip is not None and self.is_ancestor(sha, tip)

    def _forget(self, branches: Collection[str]) -> None:
        for branch in branches:
            self.git.local("update-ref", "-d", _TRACKING + branch, timeout=self.timeout, ok=_QUIET_FAILURE)

    def _log(self, *arguments: str) -> list[CommitInfo]:
        done = self.git.local(
            "log",
            "-z",
            "--no-show-signature",
            "--encoding=UTF-8",
            history.LOG_FORMAT,
            *arguments,
            timeout=self.timeout,
        )
        return history.parse_log(done.stdout)

    def _object(self, name: str) -> tuple[str, bytes] | None:
        found = self._lookup(name)
        return None if found is None else found[1:]

    def _lookup(self, name: str) -> tuple[str, str, bytes] | None:
        """SHA, type and content of an object, from one `git cat-file` that stays; it sees every new ref."""
        try:
            sha, kind, _, content = self.git.git.get_object_data(name)
        except ValueError as error:  # GitPython's word for any answer that is no object
            if "missing" not in str(error):
                raise GitCommandFailed(f"The mirror of {self.name} cannot be read: {error}") from error
            return None
        # Annotated as str there, but they are raw bytes.
        return cast(bytes, sha).decode("ascii"), cast(bytes, kind).decode("ascii"), content


def _create(directory: Path, url: str, environment: Mapping[str, str], *, timeout: float) -> None:
    """Make the mirror aside and rename it into place, so that nobody ever sees half of one."""
    directory.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".new-", dir=directory.parent))
    try:
        git = GitRunner(aside, repository=scrub(url), environment=environment)
        git.local("init", "--quiet", "--bare", "--object-format=sha1", "--template=", timeout=timeout)
        (aside / "description").write_text(f"Mirror of {url}\n", encoding="utf-8")
        os.rename(aside, directory)
    except OSError:
        if not directory.exists():  # otherwise another process was first, and its mirror is as good
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _remove_old_scratch(directory: Path) -> None:
    """Imports whose worker was killed leave their scratch repository behind."""
    oldest = time.time() - _SCRATCH_SECONDS
    for scratch in directory.glob(f"{SCRATCH_PREFIX}*"):
        try:
            if scratch.stat().st_mtime < oldest:
                shutil.rmtree(scratch)
        except FileNotFoundError:
            continue  # another process removes it at this moment
