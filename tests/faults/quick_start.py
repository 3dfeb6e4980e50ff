"""The quick start's set-up through the REST API of a running installation, and what Git says afterwards."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.lockstep.installation import PATIENCE, ROOT, Installation

TOKEN = "a-token-for-the-tests-0123456789"
PARALLEL = "multi-env-parallel-promotion"
EXAMPLES = ROOT / "examples" / "quick-start"
TARGETS = ("qa", "prod", "prod-eu", "prod-asia")
DEV_CHART = "demo-applications/trioapp-dev/Chart.yaml"
OVER = {"SUCCEEDED", "FAILED", "TERMINATED"}
UNDER_WAY = "QUEUED,RUNNING,SUSPENDED,TERMINATING"


@dataclass
class Site:
    """A demo installation with an API client; `git` reads the remote itself, never our rows."""

    installation: Installation
    client: httpx.Client

    @classmethod
    def start(cls, data_dir: Path, **environ: str) -> Site:
        settings = {
            "LOCKSTEP_ADMIN_TOKEN": TOKEN,
            "LOCKSTEP_SETTLE_SECONDS": "0",
            "LOCKSTEP_DEGRADED_GRACE_SECONDS": "1",
            "LOCKSTEP_STEP_LEASE_SECONDS": "3",
            "LOCKSTEP_FAILPOINTS_DIR": str(data_dir / "failpoints"),
        }
        (data_dir / "failpoints").mkdir(parents=True)
        installation = Installation.start(data_dir, "--demo", **settings | environ)
        try:
            installation.wait_until_ready()
        except BaseException:
            installation.destroy()
            raise
        base = f"http://127.0.0.1:{installation.port}/api/"
        client = httpx.Client(base_url=base, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE)
        return cls(installation, client)

    @property
    def repository(self) -> Path:
        return self.installation.data_dir / "git" / "demo.git"

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.repository), *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def manage(self, *arguments: str) -> None:
        clean = {n: v for n, v in os.environ.items() if n not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}}
        environ = clean | {"LOCKSTEP_DATA_DIR": str(self.installation.data_dir)}
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environ, check=True, capture_output=True
        )

    def call(self, method: str, path: str, **options: Any) -> Any:
        response = self.client.request(method, path, **options)
        assert response.status_code < 400, f"{method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    def prepare(self) -> None:
        """prod-eu and prod-asia with their applications, and the parallel flow; all syncs at once."""
        for region in ("eu", "asia"):
            target = {"cluster": f"{region}-1", "namespaces": [f"demo-trioapp-prod-{region}"]}
            self.call(
                "POST", "environments/", json={"name": f"prod-{region}", "kind": "PROD", "targets": [target]}
            )
        for file in sorted((EXAMPLES / "applications").glob("*.yaml")):
            self.call(
                "POST", "apply/", content=file.read_bytes(), headers={"Content-Type": "application/yaml"}
            )
        flow = (EXAMPLES / "flows" / f"{PARALLEL}.yaml").read_bytes()
        headers = {"Content-Type": "application/yaml", "If-None-Match": "*"}
        self.call("PUT", f"flows/{PARALLEL}/", content=flow, headers=headers)
        self.wait(lambda: len(self.applications()) == 5, what="five applications are discovered")
        self.behave("all", "--latency", "0", "--rollout", "0")
        self.wait(
            lambda: all(a["healthStatus"] == "Healthy" and a["environment"] for a in self.applications()),
            what="all five are Healthy in their environments",
        )

    def behave(self, name: str, *options: str) -> None:
        self.manage("local_application", name, *options)

    def hold(self, *names: str) -> None:
        """What is released there goes on rolling out until it is let go: long enough to be looked at."""
        for name in names:
            self.behave(name, "--failure", "progressing")

    def let_go(self, name: str = "all") -> None:
        self.behave(name, "--failure", "none", "--message", "")

    def make_ready(self, version: str) -> None:
        """The version waits in dev, every application is well behaved, and no earlier release is under way."""
        self.behave("all", "--latency", "0", "--rollout", "0", "--failure", "none", "--message", "")
        for release in self.call("GET", f"releases/?status={UNDER_WAY}")["results"]:
            self.client.post(
                f"releases/{release['id']}/terminate/", json={"reason": "left by an earlier test"}
            )
            self.wait_for_end(release["id"])
        self.new_version(version)

    def applications(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.call("GET", "applications/?product=demo-trioapp")["results"]
        return rows

    def commit(self, path: str, change: Callable[[str], str], message: str = "Outsider's change") -> str:
        """Push a commit from a clone, as an outsider would; returns its SHA."""
        clone = self.installation.data_dir.parent / "outsider"
        if not clone.exists():
            subprocess.run(["git", "clone", "-q", str(self.repository), str(clone)], check=True)
        git = [
            "git",
            "-C",
            str(clone),
            "-c",
            "user.name=Olive Outsider",
            "-c",
            "user.email=olive@example.com",
        ]
        subprocess.run([*git, "pull", "-q", "--ff-only"], check=True)
        file = clone / path
        file.write_text(change(file.read_text() if file.exists() else ""))
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-qm", message], check=True)
        subprocess.run([*git, "push", "-q"], check=True)
        return self.git("rev-parse", "main")

    def new_version(self, version: str) -> None:
        """A change in dev, pushed from outside; returns once the runtime has applied it there."""
        head = self.commit(
            DEV_CHART,
            lambda text: re.sub(r"(?m)^(appVersion|version): .*$", rf"\1: {version}", text),
            f"Go to {version}",
        )
        self.wait(
            lambda: any(
                row["environment"] == "dev" and row["revision"] == head and row["healthStatus"] == "Healthy"
                for row in self.applications()
            ),
            what=f"dev runs {version}",
        )

    def trigger_until(self, failpoint: str, order: str) -> dict[str, Any]:
        """Trigger, and arm the failpoint once qa has its commit, so that the wave of three runs into it."""
        self.hold("demo-trioapp-qa")
        release = self.trigger()
        self.wait_for_commit(release["id"], "qa")
        hit = self.arm(failpoint, order)
        self.let_go("demo-trioapp-qa")
        self.wait(hit.exists, what=f"{failpoint} is reached")
        return release

    def arm(self, failpoint: str, order: str) -> Path:
        """The next process that passes the failpoint does so; returns the file that is there once one has."""
        file = self.installation.data_dir / "failpoints" / failpoint
        hit = file.with_name(f"{failpoint}.hit")
        hit.unlink(missing_ok=True)
        # In one step: whoever passes meanwhile must not find half of it.
        half = file.with_name(f"{failpoint}.half")
        half.write_text(order)
        half.replace(file)
        return hit

    @contextmanager
    def without_web(self) -> Iterator[None]:
        """The web process is killed, and nobody starts it again before the block ends."""
        pids = self.installation.pids()
        os.kill(pids["supervisor"], signal.SIGSTOP)
        try:
            os.kill(pids["web"], signal.SIGKILL)
            yield
        finally:
            os.kill(pids["supervisor"], signal.SIGCONT)

    def trigger(self, *, key: str | None = None, flow: str = PARALLEL) -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else {}
        release: dict[str, Any] = self.call(
            "POST", f"flows/{flow}/trigger/", json={"product": "demo-trioapp"}, headers=headers
        )
        return release

    def release(self, release_id: str) -> dict[str, Any]:
        detail: dict[str, Any] = self.call("GET", f"releases/{release_id}/")
        return detail

    def wait(self, true: Any, *, seconds: float = 3 * PATIENCE, what: str) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                if true():
                    return
            except httpx.TransportError:
                pass  # the web process may just be restarting
            assert time.monotonic() < deadline, (
                f"not within {seconds} s: {what}\n{self.installation.output()[-6000:]}"
            )
            time.sleep(0.1)

    def wait_for_end(self, release_id: str) -> dict[str, Any]:
        last: dict[str, Any] = {}

        def over() -> bool:
            last.update(self.release(release_id))
            return last["status"] in OVER

        self.wait(over, what=f"release {release_id} is over")
        return last

    def wait_for_commit(self, release_id: str, environment: str) -> None:
        self.wait(
            lambda: self.commits_of(release_id).get(environment) == 1,
            what=f"{environment} has its commit",
        )

    def commits_of(self, release_id: str) -> dict[str, int]:
        """Environment -> number of its commits by the remote's log: the oracle, apart from our rows."""
        log = self.git(
            "log",
            "--format=%(trailers:key=Lockstep-Release,valueonly)%(trailers:key=Lockstep-Environment,valueonly)%x00",
            "main",
        )
        found: dict[str, int] = {}
        for entry in log.split("\0"):
            lines = entry.split()
            if len(lines) == 2 and lines[0] == release_id:
                found[lines[1]] = found.get(lines[1], 0) + 1
        return found

    def assert_complete(self, release: dict[str, Any]) -> None:
        """Succeeded, one commit per environment in Git, the same version everywhere, no event missing."""
        assert release["status"] == "SUCCEEDED", release["message"]
        assert self.commits_of(release["id"]) == dict.fromkeys(TARGETS, 1)
        self.wait(
            lambda: {a["version"] for a in self.applications()} == {release["version"]},
            what="every environment shows the version",
        )
        events = self.events(release["id"])
        numbers = [event["number"] for event in events]
        assert numbers == list(range(1, len(numbers) + 1))
        assert self.release(release["id"])["eventNumber"] == numbers[-1]

    def events(self, release_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["number"] if found else 0
            page = self.call("GET", f"releases/{release_id}/events/?after={after}&wait=0")["results"]
            if not page:
                return found
            found.extend(page)

    def close(self) -> None:
        self.client.close()
        self.installation.destroy()
