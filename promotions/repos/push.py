"""Lands a wave of edits on one branch with one push, exactly once each. Never moves a branch backwards."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from promotions.repos.base import (
    BranchMissing,
    CommitInfo,
    Committed,
    Edit,
    EditResult,
    GitTimeout,
    HistoryRewritten,
    Intent,
    IntentStore,
    InvalidObjects,
    Landed,
    NotLanded,
    PushRejected,
    Refused,
)
from promotions.repos.chain import Chain, build_chain
from promotions.repos.fast_import import write_commits
from promotions.repos.mirror import Mirror
from promotions.repos.process import Completed

MAX_TRIES = 10
_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 2.0


def push_wave(
    mirror: Mirror,
    branch: str,
    base_sha: str,
    edits: Sequence[Edit],
    intents: IntentStore,
    *,
    timeout: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    failpoint: Callable[[str], None] = lambda name: None,
) -> list[EditResult]:
    """Commit every edit upon the branch and push once; returns one result for each edit, in order.

    `base_sha` is the branch's tip frozen when the promotion started (the oldest, if the edits started at
    different ones): effects are looked for after it.
    `timeout` is in seconds, for the whole wave, and must be shorter than what is left of the caller's
    lease; `clock` is monotonic. `failpoint` is called with "after_intent", "during_push" (git push
    runs) and "after_push".

    After any exception the same call may be made again: what had landed is found by its effect key.
    Raises BranchMissing, HistoryRewritten, PushRejected("stale") when others keep pushing first,
    RepositoryUnreachable and the other GitErrors; ValueError for two edits with one effect key.
    """
    if len({edit.effect_key for edit in edits}) != len(edits):
        raise ValueError("Two edits of a wave have the same effect key.")
    deadline = clock() + timeout
    name = mirror.branch_name(branch, timeout=min(timeout, mirror.timeout))
    wave = _Wave(mirror, name, base_sha, intents, deadline, clock, sleep, failpoint)
    results = wave.land(edits)
    return [results[edit.effect_key] for edit in edits]


@dataclass
class _Wave:
    mirror: Mirror
    branch: str
    base: str
    intents: IntentStore
    deadline: float
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    failpoint: Callable[[str], None]
    abandoned: set[str] = field(default_factory=set)

    def land(self, edits: Sequence[Edit]) -> dict[str, EditResult]:
        """Results by effect key; what the remote refuses together is tried again edit by edit."""
        rejected: list[Intent] = []
        tries = refusals = 0
        while tries < MAX_TRIES:
            tip = self._fetch()
            landed = self.mirror.effects_between(self.base, tip)
            self._settle(rejected, tip, landed)
            chain = build_chain(self.mirror, self.base, tip, edits, landed, self.abandoned)
            if not chain.commits:
                return chain.results
            try:
                candidates = self._write(chain, tip)
            except InvalidObjects as error:
                return self._refused(edits, chain, str(error))
            gone = set(self.intents.record(candidates)) & chain.commits.keys()
            if gone:
                self.abandoned |= gone
                rejected = []
                continue
            self.failpoint("after_intent")
            tries += 1
            pushed = self._push(tip, candidates[-1].candidate)
            if pushed.code == 0:
                return chain.results | self._succeeded(chain, candidates)
            rejected = candidates
            if self._remote_tip() != tip:
                refusals = 0  # somebody was first, or our push landed and its answer was lost: look again
            elif not _rejection(pushed):
                raise self.mirror.git.error("push", pushed)
            else:
                # A server that is just moving the ref for somebody else answers like one that says no.
                refusals += 1
                if refusals > 1 or _is_final(pushed):
                    self._settle(rejected, tip, landed)
                    message = f"Branch {self.branch} of {self.mirror.name} refused the commit: "
                    return self._refused(edits, chain, message + _remote_words(pushed))
            self._pause(tries)
        raise PushRejected(
            "stale",
            f"Others pushed to {self._place} first, {MAX_TRIES} times in a row; it is tried again later.",
        )

    @property
    def _place(self) -> str:
        return f"branch {self.branch} of {self.mirror.name}"

    def _fetch(self) -> str:
        tip = self.mirror.fetch([self.branch], timeout=self._remaining()).get(self.branch)
        if tip is None:
            raise BranchMissing(f"There is no {self._place}.")
        if not self.mirror.is_ancestor(self.base, tip):
            raise HistoryRewritten(
                f"The history of {self._place} was rewritten: {self.base[:12]}, from which this promotion "
                f"started, is not part of {tip[:12]} any more. Check the branch and start a new release."
            )
        return tip

    def _settle(self, rejected: Sequence[Intent], tip: str, landed: Mapping[str, CommitInfo]) -> None:
        """Note what became of a push that did not succeed.

        Either the remote said no, or the branch has moved; a push moves it only from the tip that it was
        made for, so there is no third way in which it may still land.
        """
        if rejected:
            self.intents.settle(
                [
                    (
                        intent,
                        Landed(landed[intent.effect_key].sha)
                        if intent.effect_key in landed
                        else NotLanded(tip),
                    )
                    for intent in rejected
                ]
            )

    def _write(self, chain: Chain, tip: str) -> list[Intent]:
        shas = write_commits(self.mirror.git, tip, list(chain.commits.values()), timeout=self._remaining())
        return [
            Intent(key, self.mirror.url, self.branch, self.base, parent, sha)
            for key, parent, sha in zip(chain.commits, [tip, *shas[:-1]], shas, strict=True)
        ]

    def _push(self, tip: str, candidate: str) -> Completed:
        # The candidate descends from the tip, so this is a fast-forward. The lease makes the remote compare
        # and swap: not even a branch that was deleted or reset in between gets the commits.
        return self.mirror.git.remote(
            "push",
            "--porcelain",
            f"--force-with-lease=refs/heads/{self.branch}:{tip}",
            "--no-follow-tags",
            "--recurse-submodules=no",
            "--",
            self.mirror.url,
            f"{candidate}:refs/heads/{self.branch}",
            timeout=self._remaining(),
            started=lambda: self.failpoint("during_push"),
        )

    def _succeeded(self, chain: Chain, candidates: Sequence[Intent]) -> dict[str, EditResult]:
        self.failpoint("after_push")
        self.intents.settle([(intent, Landed(intent.candidate)) for intent in candidates])
        self.mirror.remember_tip(self.branch, candidates[-1].candidate)
        return {
            intent.effect_key: Committed(
                intent.candidate,
                tuple(file.path for file in chain.commits[intent.effect_key].files),
                intent.parent,
            )
            for intent in candidates
        }

    def _refused(self, edits: Sequence[Edit], chain: Chain, message: str) -> dict[str, EditResult]:
        if len(chain.commits) == 1:
            return chain.results | {key: Refused(message) for key in chain.commits}
        results: dict[str, EditResult] = {}
        for edit in edits:  # also those without a commit: they were computed upon commits that may not land
            results |= self.land([edit])
        return results

    def _remote_tip(self) -> str | None:
        return self.mirror.probe([self.branch], timeout=self._remaining()).get(self.branch)

    def _remaining(self) -> float:
        seconds = self.deadline - self.clock()
        if seconds <= 0:
            raise GitTimeout(f"The push to {self._place} did not finish in the time that it was given.")
        return min(seconds, self.mirror.timeout)

    def _pause(self, tries: int) -> None:
        longest = min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2**tries)
        self.sleep(min(random.uniform(0, longest), self._remaining()))  # jitter, no secret


def _rejection(pushed: Completed) -> str:
    """The porcelain line of the ref that was rejected ("!"), or nothing if the push did not get that far."""
    lines = pushed.stdout.decode("utf-8", "replace").splitlines()
    return next((line.split("\t")[-1] for line in lines if line.startswith("!\t")), "")


def _is_final(pushed: Completed) -> bool:
    """A hook or a protected branch declined: the same push will be declined again."""
    return "declined" in _rejection(pushed)


def _remote_words(pushed: Completed) -> str:
    """What the remote said, for people: its own lines, else the reason that git gives."""
    lines = [line for line in pushed.stderr.splitlines() if line.startswith("remote:")]
    said = " ".join(line.removeprefix("remote:").strip() for line in lines).strip()
    return said[:1000] or _rejection(pushed)
