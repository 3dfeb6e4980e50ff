"""Settings of the test suite: a data directory of its own, nothing shared with an installation."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_shm = Path("/dev/shm")  # noqa: S108  tmpfs where there is one: many small Git files are slow on disks
_root = str(_shm) if os.access(_shm, os.W_OK) else None
# Whoever makes the directory removes it; commands that a test starts share it with the test run.
if "LOCKSTEP_TESTS_DIR" not in os.environ:
    os.environ["LOCKSTEP_TESTS_DIR"] = tempfile.mkdtemp(prefix="lockstep-tests-", dir=_root)
    atexit.register(shutil.rmtree, os.environ["LOCKSTEP_TESTS_DIR"], ignore_errors=True)
os.environ["LOCKSTEP_DATA_DIR"] = os.environ["LOCKSTEP_TESTS_DIR"]
os.environ.setdefault("LOCKSTEP_SETTLE_SECONDS", "0")
os.environ.setdefault("LOCKSTEP_ALLOW_FILE_REPOSITORIES", "true")

from lockstep.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CELERY_BROKER_URL = "memory://"
