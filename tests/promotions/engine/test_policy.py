"""Policy resolution, setting by setting, with origins."""

from __future__ import annotations

import pytest

from promotions.engine.policy import Place, Policy, matches, resolve

PLACE = Place("shop", ["team-a"], "prod-eu", "PROD", ["eu"])


def policy(name: str, priority: int, settings: dict[str, str], **criteria: list[str]) -> Policy:
    return Policy(name, priority, settings, **criteria)  # type: ignore[arg-type]


def test_without_anything_the_action_is_commit_by_default() -> None:
    resolved = resolve({}, [], PLACE)
    assert {name: (s.value, s.origin.kind) for name, s in resolved.items()} == {
        "action": ("commit", "default")
    }


def test_inline_wins_and_policies_supply_what_is_unset_in_priority_order() -> None:
    policies = [
        policy("weak", 50, {"action": "none", "preAction": "weak-pre", "postAction": "weak-post"}),
        policy("strong", 10, {"action": "pr", "preAction": "strong-pre"}),
    ]
    resolved = resolve({"action": "commit"}, policies, PLACE, inline_lines={"action": 12})
    assert (resolved["action"].value, resolved["action"].origin.line) == ("commit", 12)
    assert (resolved["preAction"].value, resolved["preAction"].origin.name) == ("strong-pre", "strong")
    assert resolved["preAction"].origin.wins_over == ("weak",)
    assert resolved["postAction"].value == "weak-post"


def test_equal_priorities_go_by_name() -> None:
    policies = [policy("b", 1, {"action": "pr"}), policy("a", 1, {"action": "none"})]
    assert resolve({}, policies, PLACE)["action"].origin.name == "a"


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, True),
        ({"product_names": ["shop"]}, True),
        ({"product_names": ["other"]}, False),
        ({"product_tags": ["team-a", "x"]}, True),
        ({"environment_names": ["prod"]}, False),
        ({"environment_types": ["PROD"]}, True),
        ({"environment_types": ["NON_PROD"]}, False),
        ({"environment_tags": ["us"]}, False),
        ({"product_names": ["shop"], "environment_tags": ["us"]}, False),
    ],
)
def test_every_criterion_that_is_there_must_hold(criteria: dict[str, list[str]], expected: bool) -> None:
    assert matches(policy("p", 1, {}, **criteria), PLACE) is expected
