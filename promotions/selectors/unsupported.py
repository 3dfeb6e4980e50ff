"""Parts of a flow that this version stores but cannot run: refused, never skipped in silence.

The sentences call each by its field in the YAML and, in quotes, by its name on the Flow Builder's form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from promotions.engine.policy import Setting
from promotions.engine.words import listed
from promotions.errors import PlanProblem
from promotions.manifests import FlowSpec, HooksSpec

_ACTIONS = {"pr": 'pr ("Pull request")', "none": 'none ("None")'}


def unsupported_in_flow(spec: FlowSpec) -> Iterator[PlanProblem]:
    """What the flow itself and the hooks of its environments ask for."""
    named = ['postTrigger ("Validate with")'] if spec.post_trigger else []
    named += _hooks(spec.hooks, "Flow hooks")
    if named:
        message = f"This version cannot run workflows. To trigger the flow, take out {listed(named)}."
        yield PlanProblem("WORKFLOWS_UNAVAILABLE", message)
    for step in spec.steps:
        if hooks := _hooks(step.hooks, "Environment hooks"):
            yield _workflows_of(step.environment, hooks)
    if spec.on_failure == "revert":
        message = (
            'This version cannot run onFailure: revert ("Put everything back"). To trigger the flow, set "When an '
            'environment fails" to "Finish what runs" (continue) or "Cancel what runs" (halt).'
        )
        yield PlanProblem("REVERT_UNAVAILABLE", message)


def unsupported_in_policy(environment: str, policy: Mapping[str, Setting]) -> Iterator[PlanProblem]:
    """What is done at one environment, whoever decided it."""
    action = str(policy["action"].value)
    if action != "commit":
        message = (
            f"{environment} asks for action: {_ACTIONS.get(action, action)}; this version promotes by commits alone. "
            'To trigger the flow, choose commit ("Commit").'
        )
        yield PlanProblem("ACTION_UNAVAILABLE", message, environment)
    words = {"preAction": "Pre-action", "postAction": "Post-action"}
    if named := [f'{field} ("{word}")' for field, word in words.items() if field in policy]:
        yield _workflows_of(environment, named)


def _workflows_of(environment: str, named: list[str]) -> PlanProblem:
    message = (
        f"{environment} names workflows, which this version cannot run. To trigger the flow, take out "
        f"{listed(named)}."
    )
    return PlanProblem("WORKFLOWS_UNAVAILABLE", message, environment)


def _hooks(hooks: HooksSpec, group: str) -> list[str]:
    words = [
        ("onStart", "On start", hooks.on_start),
        ("onSuccess", "On success", hooks.on_success),
        ("onFail", "On fail", hooks.on_fail),
    ]
    return [f'hooks.{field} ("{group}: {word}")' for field, word, workflow in words if workflow]
