"""Sentences about a release: what went wrong and what to do, what terminating or retrying does. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lockstep.templatetags.ui import sentence_list

# What a person can do about a reason; anything else: look at the cause, then retry.
NEXT = {
    "CONFLICT": "Settle who is right in Git, then retry: Retry takes the present values as the new base.",
    "HISTORY_REWRITTEN": "The branch was rewritten under the release: trigger a new one.",
    "APP_DEGRADED": "Repair it, or trigger an older version; then retry.",
    "TIMEOUT": "Retry goes on from the step that did not end in time.",
}


@dataclass(frozen=True)
class Banner:
    tone: str  # "bad" or "" (waits for a person)
    lead: str
    text: str
    environment: str = ""


def _names(release: Mapping[str, Any], *statuses: str) -> list[str]:
    return [e["name"] for e in release["environments"] if e["status"] in statuses]


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def _joined(*sentences: str) -> str:
    return " ".join(_sentence(s) for s in sentences if s.strip())


def _cause(environment: Mapping[str, Any]) -> str:
    """The environment's own sentence, with the application where it does not name one."""
    text = environment["message"] or "No reason was recorded"
    applications = [a["name"] for a in environment.get("applications", ())]
    if len(applications) == 1 and applications[0] not in text:
        return f"{applications[0]}: {text}"
    return str(text)


def _goes_on(release: Mapping[str, Any]) -> str:
    still = _names(release, "RUNNING", "SUSPENDED")
    if not still:
        return ""
    verb = "goes" if len(still) == 1 else "go"
    return f"{sentence_list(still)} {verb} on; then this release ends as Failed"


def problem_banner(release: Mapping[str, Any]) -> Banner | None:
    """What the top of the page says: the first failure, an end on purpose, or what waits for a person."""
    failed = [e for e in release["environments"] if e["status"] == "FAILED"]
    if failed:
        first = failed[0]
        lead = f"{sentence_list([e['name'] for e in failed])} failed."
        cause = _cause(first)
        # Some steps name the way out themselves.
        way = "" if "retry" in cause else NEXT.get(first["reason"], "Remove the cause, then retry")
        return Banner("bad", lead, _joined(cause, _goes_on(release) or way), first["name"])
    if release["status"] == "FAILED":
        return Banner(
            "bad", "This release failed.", _joined(release["message"], NEXT.get(release["reason"], ""))
        )
    if release["status"] in {"TERMINATING", "TERMINATED"} and release["message"]:
        lead = "This release is terminating." if release["status"] == "TERMINATING" else "Terminated."
        if release["message"].startswith("Terminated"):
            lead = lead.removeprefix("Terminated.")  # the message says it already
        return Banner("", lead, _sentence(release["message"]))
    waiting = [e for e in release["environments"] if e["status"] == "SUSPENDED"]
    if waiting:
        return Banner("", f"{waiting[0]['name']} waits.", _sentence(_cause(waiting[0])), waiting[0]["name"])
    return None


def _commits(release: Mapping[str, Any]) -> list[str]:
    shas = (a["commit"][:7] for e in release["environments"] for a in e["applications"] if a["commit"])
    return list(dict.fromkeys(shas))


def terminate_effects(release: Mapping[str, Any]) -> str:
    """What stops and what stays."""
    running, pending = _names(release, "RUNNING", "SUSPENDED"), _names(release, "PENDING")
    stops = (
        f"{sentence_list(running)} stop{'s' if len(running) == 1 else ''} after the running step"
        if running
        else ""
    )
    never = f"{sentence_list(pending)} {'does' if len(pending) == 1 else 'do'} not start" if pending else ""
    commits = _commits(release)
    stay = f"Commit{'' if len(commits) == 1 else 's'} {sentence_list(commits)} stay{'s' if len(commits) == 1 else ''}"
    return _joined(stops, never, stay if commits else "Nothing was committed yet")


def retry_effects(release: Mapping[str, Any]) -> str:
    """From where it goes on, and what is not done again."""
    again, done = _names(release, "FAILED", "TERMINATED"), _names(release, "SUCCEEDED")
    pending = _names(release, "PENDING")
    goes_on = (
        f"{sentence_list(again)} {'goes' if len(again) == 1 else 'go'} on from the step that did not succeed"
    )
    one = len(pending) == 1
    waits_for = f"what {'it depends' if one else 'they depend'} on succeeded"
    follow = f"{sentence_list(pending)} follow{'s' if one else ''} once {waits_for}"
    kept = f"{sentence_list(done)} {'is' if len(done) == 1 else 'are'} not done again"
    return _joined(goes_on if again else "", follow if pending else "", kept if done else "")
