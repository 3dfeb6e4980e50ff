"""Times how far environments are behind, whole directories compared. Real Git; no database, no server.

Run it as `python benchmarks/behind.py [--environments N] [--files N] [--commits N]`. Each environment has its own
copy of the trigger side's directory at an older commit; "again" asks once more, as the next preview does.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstep.settings")

import django

django.setup()

from promotions.repos import Mirror  # noqa: E402
from promotions.selectors.behind import TriggerHistory  # noqa: E402


def history(environments: int, files: int, commits: int) -> Iterator[str]:
    """For `git fast-import`: dev changes one file per commit; all environments are half of them behind."""
    half = "".join(f"M 644 inline {{place}}/f{n}\ndata 1\n{int(n < commits // 2)}\n" for n in range(files))
    started = "".join(f"M 644 inline dev/f{n}\ndata 1\n0\n" for n in range(files))
    for number in range(environments):
        started += f"{half.format(place=f'e{number}')}M 644 inline e{number}/own\ndata 4\n{number:04}\n"
    yield commit(started)
    for number in range(commits):
        yield commit(f"M 644 inline dev/f{number}\ndata 1\n1\n")


def commit(changes: str) -> str:
    return f"commit refs/heads/main\ncommitter B <b@example.com> 1 +0000\ndata 0\n{changes}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=int, default=30)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--commits", type=int, default=150)
    given = parser.parse_args()
    root = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=root, prefix="lockstep-bench-") as directory:
        repository = Path(directory) / "remote.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
        stream = "".join(history(given.environments, given.files, given.commits)).encode()
        subprocess.run(["git", "fast-import", "--quiet"], cwd=repository, input=stream, check=True)
        with Mirror.open(Path(directory) / "mirrors", str(repository), allow_file=True) as mirror:
            tip = mirror.fetch(["main"])["main"]
            for name in ("first", "again"):
                began = time.monotonic()
                asked = TriggerHistory(mirror, tip, "dev", None)
                found = {asked.behind(mirror, tip, f"e{number}") for number in range(given.environments)}
                print(f"{name}: {(time.monotonic() - began) * 1000:8.0f} ms, {found} behind", flush=True)


if __name__ == "__main__":
    main()
