"""The stored policies, as resolution needs them, and those that cannot be read. Never resolves, never writes."""

from __future__ import annotations

from dataclasses import dataclass

from promotions.engine.policy import Place, Policy, matches
from promotions.errors import ManifestUnreadable, PlanProblem
from promotions.manifests import (
    ManifestError,
    PolicyBinding,
    PolicySelector,
    parse_documents,
    policy_selector,
    policy_spec,
)
from promotions.models import Policy as PolicyRow
from promotions.selectors.stored import stored_document

CODE = "POLICY_UNREADABLE"


@dataclass(frozen=True)
class UnreadablePolicy:
    """A policy that may forbid what it applies to, so nothing of that starts before it is mended.

    `applies` holds its criteria alone; None where they cannot be told, or match everything.
    """

    message: str
    applies: Policy | None


@dataclass(frozen=True)
class StoredPolicies:
    readable: tuple[Policy, ...]
    unreadable: tuple[UnreadablePolicy, ...]

    def problems(self) -> list[PlanProblem]:
        """What stands in the way of every release."""
        return [PlanProblem(CODE, each.message) for each in self.unreadable if each.applies is None]

    def problems_at(self, place: Place) -> list[PlanProblem]:
        """What more stands in the way there."""
        return [
            PlanProblem(CODE, each.message, place.environment)
            for each in self.unreadable
            if each.applies is not None and matches(each.applies, place)
        ]


def policies_read() -> StoredPolicies:
    """All stored policies, by name."""
    readable: list[Policy] = []
    unreadable: list[UnreadablePolicy] = []
    for row in PolicyRow.objects.order_by("name"):
        try:
            spec = policy_spec(stored_document(row, "PromotionPolicy"))
        except ManifestUnreadable as error:
            unreadable.append(UnreadablePolicy(str(error), _applies(row)))
        else:
            readable.append(
                Policy(
                    name=spec.name,
                    priority=spec.priority,
                    settings=settings_of(spec.policy),
                    **_criteria(spec),
                )
            )
    return StoredPolicies(tuple(readable), tuple(unreadable))


def settings_of(binding: PolicyBinding) -> dict[str, str]:
    """Setting name -> value, those that the binding leaves open left out."""
    settings = {"action": binding.action, "preAction": binding.pre_action, "postAction": binding.post_action}
    return {name: value for name, value in settings.items() if value}


def _applies(row: PolicyRow) -> Policy | None:
    try:
        documents = parse_documents(row.manifest, stored=True)
    except ManifestError:
        return None
    selector = policy_selector(documents[0]) if len(documents) == 1 else None
    criteria = {} if selector is None else _criteria(selector)
    return Policy(name=row.name, priority=0, settings={}, **criteria) if any(criteria.values()) else None


def _criteria(selector: PolicySelector) -> dict[str, tuple[str, ...]]:
    return {
        "product_names": selector.product_names,
        "product_tags": selector.product_tags,
        "environment_names": selector.environment_names,
        "environment_types": selector.environment_types,
        "environment_tags": selector.environment_tags,
    }
