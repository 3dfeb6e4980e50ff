"""Runs git children through GitPython: timed, bounded, and never outliving the worker that started them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from git.cmd import Git

from promotions.repos.base import (
    AuthenticationFailed,
    GitCommandFailed,
    GitError,
    GitTimeout,
    OnGit,
    RepositoryNotFound,
    RepositoryUnreachable,
)
from promotions.repos.environment import scrub

# Runs "$@" in the process group that it leads, and ends the whole group (git, git-remote-https, ssh,
# a local receive-pack ...) once the worker is gone. Standard input is a pipe whose other end only the
# worker holds: the kernel closes it however the worker dies. PR_SET_PDEATHSIG would reach the direct child
# only, is tied to the thread that started it, and needs code between fork and exec or another program.
# SIGTERM first: git then removes its lock files, which a SIGKILL would leave behind in a local repository.
_TETHER = """
trap : TERM
exec 3<&0 </dev/null
(trap '' TERM; read -r _ <&3; kill -TERM 0; sleep 1; kill -KILL 0) >/dev/null 2>&1 &
tether=$!
"$@" 3<&-
status=$?
kill -KILL "$tether"
wait "$tether" 2>/dev/null
exit "$status"
"""

_SECONDS_TO_END = 2.0


@dataclass(frozen=True)
class Completed:
    """How a git child ended; `stderr` is free of credentials."""

    code: int
    stdout: bytes
    stderr: str


class GitRunner:
    """git for one bare repository. One thread at a time; make one for each task."""

    def __init__(
        self,
        directory: Path,
        *,
        repository: str,
        environment: Mapping[str, str],
        secrets: tuple[str, ...] = (),
        on_git: OnGit | None = None,
    ) -> None:
        self.directory = directory
        self.git = Git(str(directory))
        self.git.update_environment(GIT_DIR=str(directory), **environment)
        self._repository = repository
        self._secrets = secrets
        self._on_git = on_git

    def local(
        self,
        *arguments: str,
        stdin: bytes = b"",
        timeout: float,
        ok: frozenset[int] = frozenset({0}),
        directory: Path | None = None,
        configuration: tuple[str, ...] = (),
    ) -> Completed:
        """Run a command that talks to no remote, with `configuration` ("key=value") in force.

        Raises GitTimeout (seconds in `timeout`), and GitCommandFailed for an exit code that is not in `ok`.
        """
        settings = [part for setting in configuration for part in ("-c", setting)]
        command = ["git", f"--git-dir={directory or self.directory}", *settings, *arguments]
        with self._timed(arguments[0]):
            child = self._start(command, subprocess.PIPE)
            try:
                stdout, stderr = child.communicate(stdin, timeout=timeout)
            except subprocess.TimeoutExpired as error:
                raise GitTimeout(f"git {arguments[0]} took longer than {timeout:.1f} seconds.") from error
            finally:
                _end(child)
        completed = self._completed(child, stdout, stderr)
        if completed.code not in ok:
            raise GitCommandFailed(
                f"git {arguments[0]} failed for {self._repository}: {last_line(completed.stderr)}"
            )
        return completed

    def remote(self, *arguments: str, timeout: float, started: Callable[[], None] | None = None) -> Completed:
        """Run a command that talks to the remote, whatever its exit code; `started` is called while it runs.

        Raises GitTimeout (seconds in `timeout`).
        """
        command = ["sh", "-c", _TETHER, "lockstep-git", "git", f"--git-dir={self.directory}", *arguments]
        read_end, write_end = os.pipe()
        with self._timed(arguments[0]), os.fdopen(write_end, "wb"):
            with os.fdopen(read_end, "rb") as tether:
                child = self._start(command, tether)
            try:
                if started is not None:
                    started()
                stdout, stderr = child.communicate(timeout=timeout)
            except subprocess.TimeoutExpired as error:
                raise GitTimeout(
                    f"{self._repository} did not finish git {arguments[0]} within {timeout:.1f} seconds."
                ) from error
            finally:
                _end(child)
        return self._completed(child, stdout, stderr)

    def error(self, operation: str, completed: Completed) -> GitError:
        """The domain error for a remote command that failed."""
        return classified(operation, self._repository, completed.stderr)

    def _start(self, command: list[str], stdin: object) -> "subprocess.Popen[bytes]":
        # A session of its own: one signal reaches git and its helpers, and no terminal is there to ask at.
        interrupt = self.git.execute(
            command,
            istream=stdin,  # type: ignore[call-overload]  # the stubs leave out what Popen takes
            as_process=True,
            start_new_session=True,
        )
        child: subprocess.Popen[bytes] = interrupt.proc
        interrupt.proc = None  # this class ends its children itself
        return child

    def _completed(self, child: "subprocess.Popen[bytes]", stdout: bytes, stderr: bytes) -> Completed:
        text = scrub(stderr.decode("utf-8", "replace"), *self._secrets)
        return Completed(child.returncode, stdout, text)

    def _timed(self, operation: str) -> "_Timed":
        return _Timed(operation, self._on_git)


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Make sure that the child and its whole group are over; does nothing for one that has ended."""
    if child.poll() is not None:
        return
    os.killpg(child.pid, signal.SIGTERM)  # git removes its lock files on this one
    try:
        child.communicate(timeout=_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


class _Timed:
    def __init__(self, operation: str, on_git: OnGit | None) -> None:
        self._operation = operation
        self._on_git = on_git

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        if self._on_git is not None:
            self._on_git(self._operation, time.perf_counter() - self._started)


def last_line(text: str) -> str:
    """The last line that says something; git puts the cause there."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "git gave no reason"


# git reports these only as text (LC_ALL=C, so the wording is stable); the exit code is 128 for all of them.
_AUTHENTICATION = (
    "authentication failed",
    "could not read username",
    "could not read password",
    "permission denied",
    "host key verification failed",
    "returned error: 401",
    "returned error: 403",
    "invalid username or",
)
_NOT_FOUND = (
    "repository not found",
    "does not appear to be a git repository",
    "does not exist",
    "' not found",
    "returned error: 404",
)
_UNREACHABLE = (
    "could not resolve",
    "couldn't connect",
    "failed to connect",
    "connection refused",
    "connection reset",
    "connection timed out",
    "connection closed",
    "operation too slow",
    "timed out",
    "early eof",
    "hung up unexpectedly",
    "network is unreachable",
    "no route to host",
    "ssl",
    "returned error: 5",
    "returned error: 429",
    "rpc failed",
    "could not read from remote repository",
    "unable to access",
)


def classified(operation: str, repository: str, stderr: str) -> GitError:
    """The domain error that git's words for a failed remote command stand for."""
    if cause := _line_with(_AUTHENTICATION, stderr):
        return AuthenticationFailed(f"{repository} refused the credentials of its Git connection: {cause}")
    if cause := _line_with(_NOT_FOUND, stderr):
        return RepositoryNotFound(f"There is no repository {repository}, or it may not be seen: {cause}")
    if cause := _line_with(_UNREACHABLE, stderr):
        return RepositoryUnreachable(f"{repository} cannot be reached: {cause}")
    cause = _line_with(("error:", "fatal:"), stderr) or last_line(stderr)
    return GitCommandFailed(f"git {operation} failed for {repository}: {cause}")


def _line_with(signs: tuple[str, ...], text: str) -> str | None:
    return next(
        (line.strip() for line in text.splitlines() if any(sign in line.lower() for sign in signs)), None
    )
