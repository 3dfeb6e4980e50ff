"""`make check`: everything that is known without running the tests, on all cores. Never changes a file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT_SECONDS = 900

# The slowest first, so that the cores are busy to the end.
CHECKS: dict[str, list[str]] = {
    "types": ["mypy"],
    "TypeScript": ["tsc", "--noEmit"],
    "eslint": ["eslint", "static", "vite.config.ts"],
    "OpenAPI schema": [
        "python",
        "manage.py",
        "spectacular",
        "--fail-on-warn",
        "--validate",
        "--file",
        os.devnull,
    ],
    "missing migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "Django": ["python", "manage.py", "check", "--fail-level", "WARNING"],
    "import contracts": ["lint-imports", "--no-cache"],
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
}


def run(name: str) -> tuple[str, int, str, float]:
    """(name, exit code, everything it printed, seconds)"""
    places = [Path(sys.executable).parent, ROOT / "node_modules/.bin"]
    environ = os.environ | {"PATH": os.pathsep.join([*map(str, places), os.environ["PATH"]])}
    began = time.monotonic()
    try:
        done = subprocess.run(
            CHECKS[name],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return name, 1, f"{late.stdout or ''}\nnot done after {LIMIT_SECONDS} s", time.monotonic() - began
    return name, done.returncode, done.stdout, time.monotonic() - began


def main() -> int:
    failed = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        for name, code, output, seconds in pool.map(run, CHECKS):
            print(f"{'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.1f} s)", flush=True)
            if code != 0:
                failed.append(name)
                print(output.rstrip(), flush=True)
    print(f"{len(CHECKS) - len(failed)} checks hold" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
