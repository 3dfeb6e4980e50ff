"""A real bare repository below DATA_DIR/git that tests commit to. Never a mock of Git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ENVIRON = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


class BareRepository:
    """One repository with the branch `main`; `url` is how manifests name it."""

    def __init__(self, data_dir: Path, name: str = "site.git") -> None:
        self.path = data_dir / "git" / name
        self.url = f"lockstep://local/{name}"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.git("init", "--bare", "--quiet", "--initial-branch=main", "--template=", str(self.path), at=None)
        self._count = 0

    def git(self, *arguments: str, stdin: str = "", at: Path | None = Path()) -> str:
        where = [] if at is None else ["-C", str(self.path)]
        done = subprocess.run(
            ["git", *where, *arguments],
            input=stdin.encode(),
            capture_output=True,
            check=True,
            env=ENVIRON,
            timeout=20,
        )
        return done.stdout.decode().strip()

    def commit(
        self,
        files: Mapping[str, str | None],
        message: str = "Change files",
        *,
        branch: str = "main",
        author: str = "Ada",
    ) -> str:
        """Write (or with None delete) files on top of the branch; the new SHA."""
        self._count += 1
        moment = 1_700_000_000 + self._count * 60
        who = f"{author} <{author.lower()}@site.example> {moment} +0000"
        text = message.encode()
        tip = self.tip(branch)
        stream = [f"commit refs/heads/{branch}", f"author {who}", f"committer {who}", f"data {len(text)}"]
        stream.append(message)
        if tip:
            stream.append(f"from {tip}")
        for path, content in files.items():
            if content is None:
                stream.append(f"D {path}")
            else:
                stream += [f"M 100644 inline {path}", f"data {len(content.encode())}", content]
        self.git("fast-import", "--quiet", "--force", stdin="\n".join([*stream, "done", ""]))
        return self.tip(branch)

    def tip(self, branch: str = "main") -> str:
        return self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def chart(version: str = "v1", tag: str = "a1", path: str = "apps/web", replicas: int = 2) -> dict[str, str]:
    """A chart with one workload."""
    values = f"web:\n  replicas: {replicas}\n  image:\n    repository: site/web\n    tag: {tag}  # built\n"
    return {
        f"{path}/Chart.yaml": f"apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: {version}\n",
        f"{path}/values.yaml": values,
    }


def manifest(
    name: str = "web",
    *,
    url: str = "lockstep://local/site.git",
    path: str = "apps/web",
    revision: str = "HEAD",
    automated: bool = True,
    cluster: str = "in-cluster",
    namespace: str = "web",
    annotations: Mapping[str, str] | None = None,
) -> str:
    """An Application manifest with one source."""
    lines = [
        "apiVersion: argoproj.io/v1alpha1",
        "kind: Application",
        "metadata:",
        f"  name: {name}",
        "  namespace: argocd",
        "  annotations: {" + ", ".join(f"{k}: {v!r}" for k, v in (annotations or {}).items()) + "}",
        "spec:",
        "  project: default",
        f"  source: {{repoURL: {url!r}, path: {path}, targetRevision: {revision}}}",
        f"  destination: {{name: {cluster}, namespace: {namespace}}}",
        f"  syncPolicy: {'{automated: {}}' if automated else '{}'}",
    ]
    return "\n".join(lines) + "\n"
