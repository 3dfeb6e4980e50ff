"""Policy resolution for one product + environment, setting by setting, with the origin of each.

Never reads rows: the caller passes what the manifests say. Rule: SPEC section 2, "Policy resolution".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SETTINGS = ("action", "preAction", "postAction")
DEFAULT_ACTION = "commit"


@dataclass(frozen=True)
class Origin:
    """Who supplied a setting. kind: flow | policy | default; `wins_over` names weaker policies."""

    kind: str
    name: str = ""
    line: int | None = None
    priority: int | None = None
    wins_over: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"kind": self.kind}
        if self.name:
            data["name"] = self.name
        if self.line is not None:
            data["line"] = self.line
        if self.priority is not None:
            data["priority"] = self.priority
        if self.wins_over:
            data["wins"] = list(self.wins_over)
        return data


@dataclass(frozen=True)
class Setting:
    value: str
    origin: Origin

    def as_json(self) -> dict[str, Any]:
        return {"value": self.value, "origin": self.origin.as_json()}


@dataclass(frozen=True)
class Policy:
    """What a PromotionPolicy manifest says, reduced to what resolution needs."""

    name: str
    priority: int
    settings: Mapping[str, str]
    product_names: Collection[str] = ()
    product_tags: Collection[str] = ()
    environment_names: Collection[str] = ()
    environment_types: Collection[str] = ()
    environment_tags: Collection[str] = ()


@dataclass(frozen=True)
class Place:
    """The product + environment that a policy is resolved for."""

    product: str
    product_tags: Collection[str]
    environment: str
    environment_kind: str
    environment_tags: Collection[str]


def matches(policy: Policy, place: Place) -> bool:
    """An absent or empty criterion matches all; several must all hold."""
    return (
        (not policy.product_names or place.product in policy.product_names)
        and (not policy.product_tags or bool(set(policy.product_tags) & set(place.product_tags)))
        and (not policy.environment_names or place.environment in policy.environment_names)
        and (not policy.environment_types or place.environment_kind in policy.environment_types)
        and (not policy.environment_tags or bool(set(policy.environment_tags) & set(place.environment_tags)))
    )


def resolve(
    inline: Mapping[str, str],
    policies: Sequence[Policy],
    place: Place,
    *,
    inline_lines: Mapping[str, int] | None = None,
) -> dict[str, Setting]:
    """Setting name -> value with origin; `action` is always there. Lower priority wins, then name.

    `inline_lines`: where the flow's text says each inline setting, lines from 1.
    """
    matching = sorted((p for p in policies if matches(p, place)), key=lambda p: (p.priority, p.name))
    resolved: dict[str, Setting] = {}
    for setting in SETTINGS:
        if inline.get(setting):
            resolved[setting] = Setting(
                inline[setting], Origin("flow", line=(inline_lines or {}).get(setting))
            )
            continue
        supplying = [p for p in matching if p.settings.get(setting)]
        if supplying:
            first, weaker = supplying[0], tuple(p.name for p in supplying[1:])
            origin = Origin("policy", first.name, priority=first.priority, wins_over=weaker)
            resolved[setting] = Setting(first.settings[setting], origin)
    resolved.setdefault("action", Setting(DEFAULT_ACTION, Origin("default")))
    return resolved
