"""Questions about a flow's graph: waves. Never validates (manifests does)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def waves(trigger: str, depends_on: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Environments grouped by the longest way from the trigger; wave 0 is the trigger itself.

    `depends_on` maps each step's environment to what it waits for, in the flow's order, and must be
    free of cycles. Members of one wave keep the flow's order.
    """
    depth: dict[str, int] = {trigger: 0}

    def depth_of(name: str) -> int:
        if name not in depth:
            depth[name] = 1 + max(depth_of(parent) for parent in depends_on[name])
        return depth[name]

    grouped: dict[int, list[str]] = {0: [trigger]}
    for name in depends_on:
        grouped.setdefault(depth_of(name), []).append(name)
    return [grouped[index] for index in sorted(grouped)]
