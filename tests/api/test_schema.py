"""The OpenAPI document: complete, without warnings, and its page."""

from __future__ import annotations

from io import StringIO

import pytest
import yaml
from django.core.management import call_command
from django.test import Client


def test_the_document_is_made_without_warnings() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    paths = yaml.safe_load(out.getvalue())["paths"]
    assert "/api/flows/{name}/trigger/" in paths
    assert all(path.endswith("/") for path in paths), "each route once, with its slash"
    assert {"application/json", "text/event-stream"} <= set(
        paths["/api/releases/{release_id}/events/"]["get"]["responses"]["200"]["content"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/api/schema/", "/api/schema", "/api/docs/", "/api/docs"])
def test_it_is_served(client: Client, url: str) -> None:
    assert client.get(url).status_code == 200
