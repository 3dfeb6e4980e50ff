"""Makes the demo's Git repository with its history. Never touches a repository that exists.

Three environments and two more regions of one chart: v1.184.6 everywhere, v1.184.7 waiting in dev.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

BRANCH = "main"
MANIFESTS = "argocd-app-manifests"
APPLICATIONS = "demo-applications"
# Environment -> server of its cluster. Manifests for prod-eu and prod-asia are brought in by hand.
IN_CLUSTER = "https://kubernetes.default.svc"
DEPLOYED = ("dev", "qa", "prod")
ALL = ("dev", "qa", "prod", "prod-eu", "prod-asia")
GIT_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class Build:
    """What one version of trioapp consists of."""

    version: str
    buslog: str
    ctrlr: str
    flask_ui: str


OLD = Build("1.184.5", "main-3b09d1c", "main-cca826d", "main-71f0ab2")
CURRENT = Build("1.184.6", "main-45cefae", "main-cca826d", "main-ee35257")
WAITING = Build("1.184.7", "main-45cefae", "main-f2a1f54", "main-ee35257")


@dataclass(frozen=True)
class _Commit:
    author: str
    email: str
    message: str
    before: timedelta  # how long before the set-up
    files: dict[str, str]


def demo_repository_create(path: Path, *, now: datetime) -> bool:
    """The bare repository at `path`, made beside it and moved there whole; False when it exists already."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        _git("init", "--bare", "--quiet", f"--initial-branch={BRANCH}", "--template=", str(new))
        with (new / "config").open("a", encoding="ascii") as config:
            # The reflog shows every push; history only ever grows.
            config.write("\tlogAllRefUpdates = true\n[receive]\n\tdenyNonFastForwards = true\n")
        stream = b"".join(_fast_import(commit, now) for commit in _history())
        _git("-C", str(new), "fast-import", "--quiet", stdin=stream + b"done\n")
        new.rename(path)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return True


def _history() -> list[_Commit]:
    engineer = ("release-engineer", "release-engineer@demo.example")
    bot = ("dev-bot", "dev-bot@demo.example")
    sre = ("sre-on-call", "sre-on-call@demo.example")
    first: dict[str, str] = {}
    for environment in ALL:
        first |= _application(environment, OLD)
    for environment in DEPLOYED:
        first[f"{MANIFESTS}/trio-{environment}/application.yaml"] = _manifest(environment)
    promotions = [
        _Commit(
            *engineer,
            f"Promote v{CURRENT.version} to {environment}",
            timedelta(days=3, hours=4, minutes=-6 * number),
            _application(environment, CURRENT),
        )
        for number, environment in enumerate(ALL[1:])
    ]
    return [
        _Commit(*engineer, "Add trioapp with one directory per environment", timedelta(days=21), first),
        _Commit(
            *bot,
            f"Update Chart.yaml to v{CURRENT.version}",
            timedelta(days=3, hours=5),
            _application("dev", CURRENT),
        ),
        *promotions,
        _Commit(
            *sre,
            "Give buslog a third replica in prod-asia\n\nThe evening peak in Tokyo filled its queue.",
            timedelta(days=1, hours=9),
            _application("prod-asia", CURRENT, buslog_replicas=3),
        ),
        _Commit(
            *bot,
            f"Update Chart.yaml to v{WAITING.version}",
            timedelta(minutes=14),
            _application("dev", WAITING),
        ),
    ]


def _application(environment: str, build: Build, buslog_replicas: int = 2) -> dict[str, str]:
    directory = f"{APPLICATIONS}/trioapp-{environment}"
    return {
        f"{directory}/Chart.yaml": _CHART.format(environment=environment, version=build.version),
        f"{directory}/values.yaml": _VALUES.format(
            environment=environment,
            buslog=build.buslog,
            ctrlr=build.ctrlr,
            flask_ui=build.flask_ui,
            buslog_replicas=buslog_replicas,
            level="debug" if environment == "dev" else "info",
        ),
        f"{directory}/templates/workloads.yaml": _WORKLOADS,
    }


def _manifest(environment: str) -> str:
    return _MANIFEST.format(environment=environment, server=IN_CLUSTER, applications=APPLICATIONS)


def _fast_import(commit: _Commit, now: datetime) -> bytes:
    at = int((now - commit.before).timestamp())
    message = f"{commit.message}\n".encode()
    parts = [
        f"commit refs/heads/{BRANCH}\n".encode(),
        f"author {commit.author} <{commit.email}> {at} +0000\n".encode(),
        f"committer {commit.author} <{commit.email}> {at} +0000\n".encode(),
        b"data %d\n%s" % (len(message), message),
    ]
    for path, text in commit.files.items():
        content = text.encode()
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content))
    return b"".join(parts)


def _git(*arguments: str, stdin: bytes = b"") -> None:
    # An operator's own templates and hooks have no place in the demo.
    environ = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(
        ["git", *arguments],
        input=stdin,
        env=environ,
        check=True,
        timeout=GIT_TIMEOUT_SECONDS,
        capture_output=True,
    )


_CHART = """\
apiVersion: v2
name: trioapp
description: buslog, ctrlr and flask-ui in {environment}
type: application
# Chart and application are released together; both lines are promoted.
version: {version}  # released
appVersion: v{version}
"""

_VALUES = """\
# trioapp in {environment}. Only the image tags are promoted: replicas, resources and
# log levels belong to this environment.
buslog:
  replicas: {buslog_replicas}
  image:
    repository: trioapp/buslog
    tag: {buslog}  # built from main

ctrlr:
  replicas: 3
  image:
    repository: trioapp/ctrlr
    tag: "{ctrlr}"
  resources: {{cpu: 250m, memory: 256Mi}}

flask-ui:
  replicas: 3
  image:
    repository: trioapp/flask-ui
    tag: {flask_ui}
  logLevel: {level}
"""

_WORKLOADS = """\
{{- range $name := list "buslog" "ctrlr" "flask-ui" }}
{{- $workload := index $.Values $name }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $.Release.Name }}-{{ $name }}
spec:
  replicas: {{ $workload.replicas }}
  selector:
    matchLabels: {app: {{ $.Release.Name }}-{{ $name }}}
  template:
    metadata:
      labels: {app: {{ $.Release.Name }}-{{ $name }}}
    spec:
      containers:
        - name: {{ $name }}
          image: {{ $workload.image.repository }}:{{ $workload.image.tag }}
{{- end }}
"""

_MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: demo-trioapp-{environment}
  namespace: argocd
  annotations:
    codefresh.io/product: demo-trioapp
spec:
  project: default
  source:
    repoURL: lockstep://local/demo.git
    path: {applications}/trioapp-{environment}
    targetRevision: HEAD
  destination:
    server: {server}
    namespace: demo-trioapp-{environment}
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
"""
