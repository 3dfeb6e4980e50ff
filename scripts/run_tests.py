"""`make test`: browser code, everything on SQLite, the pages in Chromium, the services again on PostgreSQL.

Gets Chromium and PostgreSQL where it may, says what it could not get and which tests were left out
for it. With CI=true a missing service is a failure. Never leaves a server running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from lockstep.processes import before_exec  # noqa: E402
from scripts import system_packages  # noqa: E402
from scripts.temporary_postgres import PostgresFailed, temporary_postgres  # noqa: E402

# What both databases must agree on.
SERVICE_TESTS = ("promotions", "products", "environments", "feeds", "accounts", "contracts")
NO_TESTS_COLLECTED = 5


@dataclass
class Run:
    """What happened so far: one line per stage, and whether any of them was bad."""

    strict: bool
    lines: list[str] = field(default_factory=list)
    failed: bool = False

    def note(self, line: str, *, bad: bool = False) -> None:
        self.lines.append(f"{'FAILED' if bad else 'ok    '} {line}")
        self.failed = self.failed or bad

    def missing(self, service: str, why: str, left_out: str) -> None:
        line = f"{service}: {why}. Left out: {left_out}"
        self.lines.append(f"{'FAILED' if self.strict else 'LEFT OUT'} {line}")
        self.failed = self.failed or self.strict

    def stage(self, name: str, command: list[str], **environ: str) -> None:
        print(f"\n=== {name}: {' '.join(command)}", flush=True)
        began = time.monotonic()
        places = os.pathsep.join(
            [str(Path(sys.executable).parent), str(ROOT / "node_modules/.bin"), os.environ["PATH"]]
        )
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"PATH": places} | environ,
            stdin=subprocess.DEVNULL,
            preexec_fn=before_exec(),
            check=False,
        )
        seconds = time.monotonic() - began
        if done.returncode == NO_TESTS_COLLECTED and command[0] == "pytest":
            self.note(f"{name}: no tests there ({seconds:.0f} s)", bad=self.strict)
        else:
            self.note(f"{name} ({seconds:.0f} s)", bad=done.returncode != 0)


def main(arguments: list[str]) -> int:
    run = Run(strict=os.environ.get("CI", "").lower() in {"1", "true"})
    _browser(run)
    run.stage("browser code", ["vitest", "run", "--passWithNoTests"])
    run.stage("SQLite", ["pytest", "-m", "not browser", *arguments])
    # In a process of their own: Playwright leaves an event loop running that other tests must not meet.
    run.stage("Chromium", ["pytest", "-m", "browser", *arguments])
    _postgres(run, arguments)
    print("\n=== Summary")
    for line in run.lines:
        print(line)
    return 1 if run.failed else 0


def _browser(run: Run) -> None:
    outcome = "no browser"
    if system_packages.chromium() is None:
        outcome = system_packages.apt_install("chromium")
        print(outcome, flush=True)
    if system_packages.chromium() is None:
        run.missing("Chromium", outcome, "the tests marked `browser`")


def _postgres(run: Run, arguments: list[str]) -> None:
    outcome = "no server"
    programs = system_packages.postgres_programs()
    if programs is None:
        outcome = system_packages.apt_install("postgresql")
        print(outcome, flush=True)
        programs = system_packages.postgres_programs()
    left_out = "the service tests on PostgreSQL and the tests marked `postgres`"
    if programs is None:
        run.missing("PostgreSQL", outcome, left_out)
        return
    folders = [f"tests/{name}" for name in SERVICE_TESTS if (ROOT / "tests" / name).is_dir()]
    with ExitStack() as stack:
        try:
            url = stack.enter_context(temporary_postgres(programs))
        except PostgresFailed as error:
            run.missing("PostgreSQL", str(error), left_out)
            return
        run.stage(
            "PostgreSQL",
            ["pytest", "-m", "not browser and not faults", *folders, *arguments],
            DATABASE_URL=url,
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
