"""Settings of the test suite: a data directory of its own, nothing shared with an installation."""

import os
import tempfile
from pathlib import Path

_shm = Path("/dev/shm")  # noqa: S108  tmpfs where there is one: many small Git files are slow on disks
_root = str(_shm) if os.access(_shm, os.W_OK) else None
# The test run deletes it at its end (conftest.py); processes started by tests get directories of their own.
os.environ["LOCKSTEP_DATA_DIR"] = tempfile.mkdtemp(prefix="lockstep-tests-", dir=_root)
os.environ.setdefault("LOCKSTEP_SETTLE_SECONDS", "0")
os.environ.setdefault("LOCKSTEP_ALLOW_FILE_REPOSITORIES", "true")

from lockstep.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_BROKER_URL = "memory://"
