"""What each role may do, asked by services. Never reads a request."""

from __future__ import annotations

from accounts.models import Role, User

_RANK = {Role.VIEWER: 0, Role.PROMOTER: 1, Role.ADMINISTRATOR: 2}


class NotAllowed(Exception):
    """The user's role is too low; the message names the role that is needed."""


def has_role(user: User, role: Role) -> bool:
    """Whether an active user holds the role or a higher one."""
    return bool(user.is_active) and _RANK[user.effective_role] >= _RANK[role]


def require_role(user: User, role: Role, action: str) -> None:
    """Raise NotAllowed unless the user holds the role. `action` completes "You need ... to ACTION"."""
    if not has_role(user, role):
        raise NotAllowed(
            f"You need the role {Role(role).label.lower()} to {action}; "
            f"your role is {user.effective_role.label.lower()}. Ask an administrator."
        )
