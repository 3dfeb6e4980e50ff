"""Times the parallel quick start on a runtime of zero latency: trigger to SUCCEEDED, and Git's share.

Run it as `python benchmarks/quick_start.py [ROUNDS]`. It starts a demo of its own in real processes, in a
temporary directory, and stops it at the end.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.faults.quick_start import Site

WORK = re.compile(r"(freeze|commit|await_sync) x(\d+) took ([\d.]+) s, git ([\d.]+) s in (\d+) calls")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def work_done(site: Site) -> tuple[float, int]:
    """Seconds and number of all git children so far, by the logs of the workers that use Git."""
    logs = site.installation.data_dir / "logs"
    text = "".join((logs / f"worker-{name}.log").read_text() for name in ("git", "runtime"))
    work = WORK.findall(text)
    return sum(float(w[3]) for w in work), sum(int(w[4]) for w in work)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    root = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=root, prefix="lockstep-bench-") as directory:
        site = Site.start(Path(directory) / "data", LOCKSTEP_STEP_LEASE_SECONDS="30")
        try:
            site.prepare()
            measure(site, rounds)
        finally:
            site.close()


def measure(site: Site, rounds: int) -> None:
    totals: list[float] = []
    gits: list[float] = []
    print(f"{'round':>5} {'total s':>8} {'git s':>7} {'git %':>6} {'git calls':>9}")
    for number in range(rounds + 1):
        site.new_version(f"2.{number}.0")
        time.sleep(1)  # discovery of the new commit is no part of what is measured
        git_before, calls_before = work_done(site)
        release = site.wait_for_end(site.trigger()["id"])
        assert release["status"] == "SUCCEEDED", release["message"]
        total = (moment(release["finishedAt"]) - moment(release["createdAt"])).total_seconds()
        time.sleep(0.3)  # the last log lines
        git_after, calls_after = work_done(site)
        git, calls = git_after - git_before, calls_after - calls_before
        if number == 0:
            continue  # the first round opens mirrors and connections
        totals.append(total)
        gits.append(git)
        print(f"{number:>5} {total:>8.2f} {git:>7.2f} {git / total:>6.0%} {calls:>9}")
    print(
        f"median {statistics.median(totals):>6.2f} {statistics.median(gits):>7.2f}   trigger to SUCCEEDED; target 2 s"
    )


if __name__ == "__main__":
    main()
