"""Requests that are too large end before anything of them is kept, signed in or not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from lockstep.request_size import BodyLimit

MOST = 1000


class Inner:
    """Reads a whole body as Django does, then answers with its length."""

    def __init__(self) -> None:
        self.read = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            self.read += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(self.read).encode()})


def call(chunks: Iterable[int], *, said: int | None = None, path: str = "/login/") -> tuple[int, bytes, int]:
    """Status, body, and how many bytes the inner application was given."""
    inner, sent, left = Inner(), [], list(chunks)
    headers = [] if said is None else [(b"content-length", str(said).encode())]

    async def receive() -> dict[str, Any]:
        size = left.pop(0)
        return {"type": "http.request", "body": b"x" * size, "more_body": bool(left)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(BodyLimit(inner, MOST)({"path": path, "headers": headers}, receive, send))
    return sent[0]["status"], sent[1]["body"], inner.read


@pytest.mark.parametrize("said", [None, MOST])
def test_a_body_of_exactly_the_limit_is_taken(said: int | None) -> None:
    assert call([600, 400], said=said) == (200, b"1000", 1000)


def test_a_length_over_the_limit_is_refused_unread() -> None:
    status, _, read = call([600, 401], said=1001)
    assert (status, read) == (413, 0)


def test_a_body_without_a_length_is_counted_as_it_comes() -> None:
    status, _, read = call([600, 401, 10**6])
    assert (status, read) == (413, 600)


def test_a_length_that_lies_does_not_help() -> None:
    assert call([600, 600], said=1)[0] == 413


def test_the_api_answers_a_problem() -> None:
    assert b'"status": 413' in call([1], said=10**9, path="/api/flows/x/")[1]


def test_the_site_is_served_through_the_limit() -> None:
    from lockstep.asgi import application

    assert isinstance(application.application_mapping["http"], BodyLimit)
