"""Waves of a flow's graph."""

from promotions.engine.graph import waves

#       ┌─ prod ──────┐
# dev ─ qa ─ prod-eu ─┴─ audit
FLOW = {"qa": ["dev"], "prod": ["qa"], "prod-eu": ["qa"], "audit": ["prod", "prod-eu"]}


def test_waves_group_by_the_longest_way_and_keep_the_flows_order() -> None:
    assert waves("dev", FLOW) == [["dev"], ["qa"], ["prod", "prod-eu"], ["audit"]]


def test_a_shortcut_does_not_pull_an_environment_forward() -> None:
    assert waves("dev", {**FLOW, "audit": ["dev", "prod"]}) == [
        ["dev"],
        ["qa"],
        ["prod", "prod-eu"],
        ["audit"],
    ]
