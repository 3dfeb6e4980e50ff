"""What anybody may ask says nothing that only operators may know."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_an_unready_installation_names_the_part_and_keeps_its_address(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.REDIS_URL = "redis://user:secret@127.0.0.1:1/0"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, "ok")
    assert answer.json()["broker"] == "The broker does not answer: see the log."
    assert "127.0.0.1:1" in caplog.text
    assert "secret" not in caplog.text


def test_a_new_data_directory_is_private(tmp_path: Path) -> None:
    place = tmp_path / "data"
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("LOCKSTEP_", "DJANGO_SETTINGS"))}
    subprocess.run(
        [sys.executable, "-c", "import lockstep.settings"],
        cwd=ROOT,
        env=environ | {"LOCKSTEP_DATA_DIR": str(place)},
        check=True,
        timeout=60,
    )
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert stat.S_IMODE((place / "secret-key").stat().st_mode) == 0o600
