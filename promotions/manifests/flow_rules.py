"""The rules of a promotion flow that no schema can say: its graph, its environments; never raises."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from promotions.manifests.names import LABEL_RULE, closest, is_label, is_name
from promotions.manifests.problems import Problem, quoted
from promotions.manifests.view import View

_LONGEST_CYCLE_SHOWN = 12


@dataclass(frozen=True)
class _Step:
    """What of a step is well-formed; `depends_on` has the position in the list with each name."""

    index: int
    environment: str
    depends_on: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Flow:
    view: View
    trigger: str | None
    steps: tuple[_Step, ...]
    whole: bool  # every step has a readable name, so that a missing name is known to be missing

    def names(self) -> list[str]:
        own = [step.environment for step in self.steps]
        return own if self.trigger is None else [self.trigger, *own]

    def first_steps(self) -> dict[str, _Step]:
        """The first step of each environment: later ones are duplicates and stay out of the graph."""
        return {step.environment: step for step in reversed(self.steps)}


def flow_problems(view: View) -> list[Problem]:
    """Everything against the flow rules that its own text shows."""
    flow = _read(view)
    problems = [*_duplicates(flow), *_trigger_steps(flow), *_dependencies(flow), *_bindings(flow)]
    if flow.whole:
        cycles, stuck = _cycles(flow)
        problems += [*cycles, *_unreachable(flow, stuck)]
    return problems


def without_repeats(problems: Iterable[Problem]) -> list[Problem]:
    """A dependency that is no step's name and no name at all, told once: which names there are helps more
    than what a name may be."""
    told = list(problems)
    unknown = {p.path for p in told if p.code == "unknown-dependency"}
    return [p for p in told if p.code != "bad-name" or p.path not in unknown]


def unknown_environments(view: View, known: Collection[str]) -> list[Problem]:
    """The flow's environments that do not exist."""
    flow = _read(view)
    places = [(("spec", "steps", step.index, "environment"), step.environment) for step in flow.steps]
    found = []
    for path, name in [(("spec", "triggerEnvironment"), flow.trigger), *places]:
        # What is no name at all, the schema has told.
        if name is not None and name not in known and is_label(name):
            meant = closest(name, known)
            message = f"There is no environment {quoted(name)}. " + (
                f"Did you mean {quoted(meant)}?" if meant else "Add it on the Environments page first."
            )
            found.append(view.problem("unknown-environment", message, path, suggestion=meant))
    return found


def unknown_workflows(view: View, known: Collection[str]) -> list[Problem]:
    """The workflows that the flow names and nobody has registered: warnings, for they may come later."""
    found = []
    for path, name in _workflow_places(view):
        if name not in known and is_name(name):
            meant = closest(name, known)
            message = f"There is no promotion workflow {quoted(name)} yet. " + (
                f"Did you mean {quoted(meant)}?" if meant else "Add it before the flow runs."
            )
            found.append(
                view.problem("unknown-workflow", message, path, severity="warning", suggestion=meant)
            )
    return found


def _workflow_places(view: View) -> Iterator[tuple[tuple[str | int, ...], str]]:
    spec = view.spec
    if isinstance(name := spec.get("postTrigger"), str):
        yield ("spec", "postTrigger"), name
    steps = spec.get("steps")
    holders: list[tuple[tuple[str | int, ...], object]] = [(("spec",), spec)]
    holders += [(("spec", "steps", i), s) for i, s in enumerate(steps if isinstance(steps, list) else [])]
    for path, holder in holders:
        for part, fields in (
            ("policy", ("preAction", "postAction")),
            ("hooks", ("onStart", "onSuccess", "onFail")),
        ):
            inner = holder.get(part) if isinstance(holder, dict) else None
            for field in fields:
                name = inner.get(field) if isinstance(inner, dict) else None
                if isinstance(name, str):
                    yield (*path, part, field), name


def _read(view: View) -> _Flow:
    spec = view.spec
    trigger = spec.get("triggerEnvironment")
    written = spec.get("steps")
    steps: list[_Step] = []
    whole = isinstance(trigger, str)
    for index, step in enumerate(written if isinstance(written, list) else []):
        name = step.get("environment") if isinstance(step, dict) else None
        if not isinstance(name, str):
            whole = False
            continue
        needs = step.get("dependsOn")
        named = enumerate(needs if isinstance(needs, list) else [])
        steps.append(_Step(index, name, tuple((i, n) for i, n in named if isinstance(n, str))))
    return _Flow(view, trigger if isinstance(trigger, str) else None, tuple(steps), whole)


def _duplicates(flow: _Flow) -> Iterator[Problem]:
    first = flow.first_steps()
    for step in flow.steps:
        earlier = first[step.environment]
        if earlier is not step and step.environment != flow.trigger:
            line = flow.view.line(("spec", "steps", earlier.index, "environment"))
            message = (
                f"{quoted(step.environment)} is already the environment of a step (line {line}). An "
                "environment stands in a flow once: remove one of the two steps."
            )
            path = ("spec", "steps", step.index, "environment")
            yield flow.view.problem("duplicate-environment", message, path)


def _trigger_steps(flow: _Flow) -> Iterator[Problem]:
    for step in flow.steps:
        if step.environment != flow.trigger:
            continue
        path = ("spec", "steps", step.index)
        message = (
            f"{quoted(step.environment)} is the trigger environment, from which the flow promotes; it "
            "cannot be a step as well. Remove the step, or choose another triggerEnvironment."
        )
        yield flow.view.problem("trigger-is-step", message, (*path, "environment"))
        if "hooks" in flow.view.spec["steps"][step.index]:
            message = (
                "The trigger environment has no hooks. Remove them; use postTrigger, or the hooks of the "
                "whole flow."
            )
            yield flow.view.problem("trigger-hook", message, (*path, "hooks"), on_key=True)


def _dependencies(flow: _Flow) -> Iterator[Problem]:
    names = set(flow.names())
    for step in flow.steps:
        seen: set[str] = set()
        for position, name in step.depends_on:
            path = ("spec", "steps", step.index, "dependsOn", position)
            if name in seen:
                message = f"{quoted(name)} stands twice in this dependsOn. Remove one."
                yield flow.view.problem("duplicate-dependency", message, path, severity="warning")
            seen.add(name)
            if flow.whole and name not in names:
                meant = closest(name, names - {step.environment})
                message = (
                    f"{quoted(step.environment)} depends on {quoted(name)}, which is neither the trigger "
                    "environment nor a step of this flow. "
                )
                if meant:
                    message += f"Did you mean {quoted(meant)}?"
                elif is_label(name):
                    message += "Add a step for it, or remove it."
                else:
                    message += f"No environment can have that name: {LABEL_RULE}."
                yield flow.view.problem("unknown-dependency", message, path, suggestion=meant)


def _bindings(flow: _Flow) -> Iterator[Problem]:
    for step in flow.steps:
        policy = flow.view.spec["steps"][step.index].get("policy")
        if isinstance(policy, dict) and policy.get("action") == "none" and "preAction" not in policy:
            message = (
                'The action "none" leaves the change to a pre-action workflow, and none is named here. Add '
                "preAction, unless a promotion policy supplies it."
            )
            path = ("spec", "steps", step.index, "policy", "action")
            yield flow.view.problem("none-without-pre-action", message, path, severity="warning")


def _cycles(flow: _Flow) -> tuple[list[Problem], set[str]]:
    """One problem per knot of steps that wait for each other, and the names of all that are in one."""
    steps = flow.first_steps()
    if flow.trigger is not None:
        steps.pop(flow.trigger, None)
    knot_of = _knots({name: [n for _, n in s.depends_on if n in steps] for name, s in steps.items()})
    problems: list[Problem] = []
    told: set[int] = set()
    stuck: set[str] = set()
    for step in flow.steps:
        knot = knot_of.get(step.environment)
        if knot is None or steps.get(step.environment) is not step:
            continue
        stuck.add(step.environment)
        if knot not in told:
            told.add(knot)
            problems.append(_cycle_problem(flow, step, steps, knot_of))
    return problems, stuck


def _cycle_problem(
    flow: _Flow, step: _Step, steps: Mapping[str, _Step], knot_of: Mapping[str, int]
) -> Problem:
    cycle = _shortest_cycle(step, steps, knot_of)
    shown = cycle
    if len(cycle) > _LONGEST_CYCLE_SHOWN:
        left_out = len(cycle) - _LONGEST_CYCLE_SHOWN + 1
        shown = [*cycle[: _LONGEST_CYCLE_SHOWN - 2], f"({left_out} more)", cycle[-1]]
    position = next(i for i, name in step.depends_on if name == cycle[1])
    message = (
        f"The dependencies go in a circle, each environment waiting for the next: {' -> '.join(shown)}. "
        "None of them could ever start; remove one of these dependencies."
    )
    return flow.view.problem("cycle", message, ("spec", "steps", step.index, "dependsOn", position))


def _shortest_cycle(start: _Step, steps: Mapping[str, _Step], knot_of: Mapping[str, int]) -> list[str]:
    """From a step along its dependencies back to itself, never leaving its knot."""
    came_from: dict[str, str] = {}
    waiting = deque([start.environment])
    while waiting:
        name = waiting.popleft()
        for _, need in steps[name].depends_on:
            if need == start.environment:
                path = [start.environment, name]
                while path[-1] != start.environment:
                    path.append(came_from[path[-1]])
                return path[::-1]
            if need not in came_from and knot_of.get(need) == knot_of[start.environment]:
                came_from[need] = name
                waiting.append(need)
    raise AssertionError("a step of a knot leads back to itself")


def _knots(needs: Mapping[str, list[str]]) -> dict[str, int]:
    """The strongly connected components with a cycle in them (Tarjan, without recursion), by name."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    knot_of: dict[str, int] = {}
    for root in needs:
        work = [(root, iter(needs[root]))] if root not in order else []
        if work:
            order[root] = lowest[root] = len(order)
            path.append(root)
            on_path.add(root)
        while work:
            name, rest = work[-1]
            for need in rest:
                if need not in order:
                    order[need] = lowest[need] = len(order)
                    path.append(need)
                    on_path.add(need)
                    work.append((need, iter(needs[need])))
                    break
                if need in on_path:
                    lowest[name] = min(lowest[name], order[need])
            else:
                work.pop()
                if work:
                    lowest[work[-1][0]] = min(lowest[work[-1][0]], lowest[name])
                if lowest[name] == order[name]:
                    members = [path.pop()]
                    while members[-1] != name:
                        members.append(path.pop())
                    on_path.difference_update(members)
                    if len(members) > 1 or name in needs[name]:
                        knot_of.update(dict.fromkeys(members, order[name]))
    return knot_of


def _unreachable(flow: _Flow, stuck: set[str]) -> Iterator[Problem]:
    """Steps that never start though nothing is wrong with themselves: what they wait for never does."""
    steps = flow.first_steps()
    started = {flow.trigger}
    dependents: dict[str, list[_Step]] = {}
    open_needs: dict[str, int] = {}
    for step in steps.values():
        distinct = dict.fromkeys(name for _, name in step.depends_on)
        open_needs[step.environment] = len(distinct)
        for name in distinct:
            dependents.setdefault(name, []).append(step)
    waiting = deque(name for name in (flow.trigger,) if name is not None)
    while waiting:
        for step in dependents.get(waiting.popleft(), ()):
            open_needs[step.environment] -= 1
            if not open_needs[step.environment] and step.environment not in started:
                started.add(step.environment)
                waiting.append(step.environment)
    settled = started | stuck
    for step in steps.values():
        needs = [name for _, name in step.depends_on]
        known = all(name in steps or name == flow.trigger for name in needs)
        if step.environment in settled or not needs or not known:
            continue
        position, blocker = next((i, n) for i, n in step.depends_on if n not in started)
        message = (
            f"{quoted(step.environment)} can never be reached from {quoted(flow.trigger or '')}: it waits "
            f"for {quoted(blocker)}, which never starts. Repair {quoted(blocker)}, or remove it here."
        )
        yield flow.view.problem("unreachable", message, ("spec", "steps", step.index, "dependsOn", position))
