"""What the local runtime takes Git to ask for: sources, value files, digests, workloads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from environments.git_reader import OpenRepositories
from environments.runtimes.local.compare import Comparison, compare
from environments.runtimes.local.manifest import (
    definition_from_json,
    definition_to_json,
    read_definition,
)
from environments.runtimes.local.transitions import Desired
from environments.yaml_text import load_documents
from tests.environments.bare_repository import BareRepository, chart, manifest


@pytest.fixture
def repository(tmp_path: Path, settings: Any) -> BareRepository:
    settings.DATA_DIR = tmp_path
    return BareRepository(tmp_path)


def look(text: str, before: Comparison | None = None) -> Comparison:
    definition = read_definition(load_documents(text)[0])
    assert definition_from_json(definition_to_json(definition)) == definition
    with OpenRepositories() as git:
        if before is None:
            return compare(definition, git, before=Desired())
        return compare(definition, git, before=before.desired, fingerprint=before.fingerprint)


def application(sources: str) -> str:
    return (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
        f"  destination: {{name: in-cluster}}\n  sources:\n{sources}"
    )


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"other/file": "x"}, True),
        ({"apps/web/values.yaml": "# note\n" + chart()["apps/web/values.yaml"]}, True),
        ({"apps/web/values.yaml": chart(tag="a2")["apps/web/values.yaml"]}, False),
        ({"apps/web/values.yaml": "1: a\nb: c\ntrue: d\n"}, False),
        ({"apps/web/templates/a.yaml": "{{ not yaml"}, False),
        ({"apps/web/README.md": "x"}, False),
        ({"apps/web/Chart.yaml": None}, False),
    ],
)
def test_only_what_would_be_applied_counts(
    repository: BareRepository, change: dict[str, str | None], same: bool
) -> None:
    repository.commit(chart())
    before = look(manifest())
    tip = repository.commit(change)
    fresh, reused = look(manifest()), look(manifest(), before)
    assert fresh == reused
    assert fresh.desired.error == ""
    assert fresh.desired.revisions == (tip,)
    assert (fresh.desired.digest == before.desired.digest) is same


def test_plain_manifests_name_their_workloads(repository: BareRepository) -> None:
    repository.commit(
        {
            "apps/web/all.yaml": "kind: Service\nmetadata: {name: s}\n---\n"
            "kind: StatefulSet\nmetadata: {name: db}\nspec:\n  replicas: 3\n"
            "  template: {spec: {containers: [{image: 'pg:16'}]}}\n---\n"
            "kind: CronJob\nmetadata: {name: clean}\nspec:\n"
            "  jobTemplate: {spec: {template: {spec: {containers: [{image: 'clean:1'}]}}}}\n"
        }
    )
    found = look(manifest()).desired.workloads
    assert [(w.kind, w.name, w.image, w.replicas) for w in found] == [
        ("StatefulSet", "db", "pg:16", 3),
        ("CronJob", "clean", "clean:1", 1),
    ]


def test_value_files_of_another_source_override_the_chart(repository: BareRepository) -> None:
    repository.commit(chart())
    values = BareRepository(repository.path.parent.parent, "values.git")
    tip = values.commit({"prod/web.yaml": "web: {replicas: 5, image: {tag: pinned}}\n"})
    text = application(
        f"    - {{repoURL: '{repository.url}', path: apps/web, helm: {{valueFiles: [$env/prod/web.yaml]}}}}\n"
        f"    - {{repoURL: '{values.url}', targetRevision: main, ref: env}}\n"
    )
    found = look(text)
    assert found.desired.error == ""
    assert found.desired.revisions == (repository.tip(), tip)
    assert [(w.image, w.replicas) for w in found.desired.workloads] == [("site/web:pinned", 5)]
    values.commit({"prod/web.yaml": "web: {replicas: 5, image: {tag: newer}}\n"})
    assert look(text, found).desired.digest != found.desired.digest


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("path: apps/web, helm: {valueFiles: [none.yaml]}", "apps/web/none.yaml does not exist"),
        ("path: apps/web, helm: {valueFiles: [$other/x.yaml]}", "no source has as ref"),
        ("path: apps/web, helm: {valueFiles: [../../../x.yaml]}", "outside of its repository"),
        ("path: apps/web/values.yaml", "no directory with files"),
        ("chart: redis, targetRevision: 1.0.0", "chart redis"),
        ("targetRevision: main", "neither path, chart nor ref"),
        ("path: ../web", "does not exist"),
    ],
)
def test_what_is_wrong_becomes_the_condition(repository: BareRepository, source: str, message: str) -> None:
    repository.commit(chart())
    found = look(application(f"    - {{repoURL: '{repository.url}', {source}}}\n"))
    assert message in found.desired.error
    assert found.fingerprint == ""


def test_missing_value_files_can_be_ignored(repository: BareRepository) -> None:
    repository.commit(chart())
    helm = "helm: {valueFiles: [none.yaml], ignoreMissingValueFiles: true}"
    found = look(application(f"    - {{repoURL: '{repository.url}', path: apps/web, {helm}}}\n"))
    assert found.desired.error == ""


def test_an_error_keeps_what_was_asked_for_before(repository: BareRepository) -> None:
    repository.commit(chart())
    good = look(manifest())
    repository.commit({"apps/web/values.yaml": "a: [\n"})
    bad = look(manifest(), good)
    assert "values.yaml" in bad.desired.error and "line" in bad.desired.error
    assert (bad.desired.digest, bad.desired.workloads) == (good.desired.digest, good.desired.workloads)


def test_a_definition_comes_back_from_its_row_equal() -> None:
    text = application(
        "    - {repoURL: a, path: b, helm: {valueFiles: [x.yaml]}}\n    - {repoURL: c, ref: r}\n"
    )
    data = definition_to_json(read_definition(load_documents(text)[0]))
    assert json.loads(json.dumps(data)) == data
