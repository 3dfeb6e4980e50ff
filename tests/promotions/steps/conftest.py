"""A remote and bare rows whose applications are directories of it: commits without a runtime."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.promotions.repos.git_remotes import Remote
from tests.promotions.services.demo_world import Outbox, outbox
from tests.promotions.steps.commit_rows import Wave

__all__ = ["outbox"]


@pytest.fixture
def wave(transactional_db: None, settings: Any, tmp_path: Path, outbox: Outbox) -> Wave:
    """qa, eu and asia at version 1, whose commit steps are ready to write version 2."""
    settings.REPOSITORIES_DIR = tmp_path / "mirrors"
    settings.ALLOW_FILE_REPOSITORIES = True
    return Wave(Remote(tmp_path / "there"))
