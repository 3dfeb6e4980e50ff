"""Ends requests whose body is larger than the limit, before any of it is kept. Never parses a body.

Django's ASGI handler writes the whole body into a temporary file before a view, a login or any of
Django's own limits sees the request: without this, a stranger could fill the disk.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]  # (scope, receive, send); frameworks type these differently


class _TooLarge(Exception):
    """The body has passed the limit."""


class BodyLimit:
    """An ASGI application around another: bodies of more than `most` bytes are answered with 413."""

    def __init__(self, application: Application, most: int) -> None:
        self._application = application
        self._most = most

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if _said_length(scope) > self._most:
            await self._refuse(scope, send)
            return
        left = self._most

        async def bounded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise _TooLarge
            return message

        try:
            await self._application(scope, bounded, send)
        except _TooLarge:
            # The handler reads the body before it answers anything, so no answer has begun.
            await self._refuse(scope, send)

    async def _refuse(self, scope: Message, send: Send) -> None:
        detail = f"The request is larger than {self._most // (1024 * 1024)} MiB, the most that is taken here."
        if str(scope["path"]).startswith("/api/"):
            problem = {"type": "urn:lockstep:problem:too-large", "title": "Content Too Large", "status": 413}
            kind, body = "application/problem+json", json.dumps({**problem, "detail": detail}).encode()
        else:
            kind, body = "text/plain; charset=utf-8", f"{detail}\n".encode()
        headers = [
            (b"content-type", kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),  # nobody reads the rest
        ]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _said_length(scope: Message) -> int:
    """Content-Length; 0 where it is not said, then the body is counted as it comes."""
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text[:19]) if text.isdigit() else 0
