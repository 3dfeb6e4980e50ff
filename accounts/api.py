"""How API callers prove who they are: a bearer token, or the session of the pages with CSRF. Never roles."""

from __future__ import annotations

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.authentication import SessionAuthentication as FrameworkSessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.credentials import Credential, token_find
from accounts.models import ApiToken, User

REALM = 'Bearer realm="lockstep"'


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer TOKEN`. `request.auth` is the ApiToken. A wrong one is 401, never anonymous."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("Write the header as: Authorization: Bearer TOKEN.")
        try:
            text = parts[1].decode("ascii")
        except UnicodeDecodeError as error:
            raise AuthenticationFailed("This token has characters that no token has.") from error
        token = token_find(text)
        if token is None:
            raise AuthenticationFailed("This token is unknown, has expired, or its user is switched off.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return REALM


class SessionAuthentication(FrameworkSessionAuthentication):
    """The session of the pages; unsafe methods need the CSRF token (X-CSRFToken)."""

    def authenticate_header(self, request: Request) -> str:
        return REALM


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.api.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def credential_of(request: Request) -> Credential:
    """What an authenticated request came with, to ask later whether it is still good."""
    if isinstance(request.auth, ApiToken):
        return Credential(user_id=request.user.pk, token_id=request.auth.pk)
    return Credential(user_id=request.user.pk, session_key=request.session.session_key or "")
