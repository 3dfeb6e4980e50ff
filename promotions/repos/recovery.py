"""Finds out whether a recorded push landed, by asking the remote. Never pushes."""

from promotions.repos.base import (
    GitCommandFailed,
    GitError,
    Intent,
    Landed,
    NotLanded,
    Unknown,
)
from promotions.repos.mirror import Mirror


def resolve_intent(
    mirror: Mirror, intent: Intent, *, timeout: float | None = None
) -> Landed | NotLanded | Unknown:
    """What became of an intent: by ancestry of its candidate, then by its effect key between base and tip.

    Call it only when its push cannot be under way any more (the lease of its worker ran out): NotLanded
    describes the branch now. Unknown means that the remote could not be asked; nothing is raised for that.
    """
    try:
        tip = mirror.fetch([intent.branch], timeout=timeout).get(intent.branch)
        if tip is None:
            return NotLanded(None)
        if mirror.is_ancestor(intent.candidate, tip):
            return Landed(intent.candidate)
        # After a rewrite of the history the range still is what the branch has and the base has not.
        effects = mirror.effects_between(intent.base, tip)
    except GitCommandFailed as error:
        return Unknown(f"Whether {intent.candidate[:12]} landed cannot be told from the history: {error}")
    except GitError as error:
        return Unknown(str(error))
    landed = effects.get(intent.effect_key)
    return NotLanded(tip) if landed is None else Landed(landed.sha)
