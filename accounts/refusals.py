"""What pages say and answer where a role is missing. Never decides what a role may do (permissions.py)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts.models import Role
from accounts.permissions import NotAllowed, require_role


def missing_role(request: HttpRequest, role: Role, action: str) -> str:
    """What a person may not do here, as a sentence; "" where it is allowed."""
    try:
        require_role(request.user, role, action)
    except NotAllowed as error:
        return str(error)
    return ""


def role_refused(response: HttpResponse) -> HttpResponse:
    """The form again as 403, marked so that the browser shows it as it shows a form with mistakes."""
    response.status_code = 403
    response["X-Refused"] = "role"
    return response
