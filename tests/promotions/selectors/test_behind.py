"""How far environments are behind, on a real remote: by content alone, with few git processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from environments.models import Environment
from products.models import Application, Product
from promotions.mirrors import git_timed
from promotions.repos import Mirror
from promotions.selectors import behind as selector
from promotions.selectors.behind import TriggerHistory
from promotions.selectors.preview import release_preview
from promotions.steps.change import Promotion
from tests.promotions.repos.git_remotes import Remote, git
from tests.promotions.services.plan_rows import application, flow_text, site

VALUES = "image: {{tag: {tag}}}  # ours\nreplicas: {replicas}\n"
TAG: Promotion = {"values.yaml": ["$.image.tag"]}


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """dev went from tag 1 over 2 to 3; between 2 and 3 somebody changed what is not promoted."""
    remote = Remote(tmp_path / "there")
    remote.outsider_pushes({f"{place}/values.yaml": values("1") for place in ("dev", "qa")}, "Start")
    for tag, replicas in (("2", 1), ("2", 5), ("3", 5)):
        remote.outsider_pushes({"dev/values.yaml": values(tag, replicas)}, f"{tag} {replicas}")
        remote.outsider_pushes({"README": f"{tag} {replicas}"}, "Elsewhere")
    return remote


@pytest.fixture
def mirror(tmp_path: Path, remote: Remote) -> Iterator[Mirror]:
    with Mirror.open(tmp_path / "mirrors", remote.url, allow_file=True) as mirror:
        yield mirror


def values(tag: str, replicas: int = 1) -> str:
    return VALUES.format(tag=tag, replicas=replicas)


def behind(mirror: Mirror, promotion: Promotion | None = TAG, path: str = "qa") -> int | None:
    tip = mirror.fetch(["main"])["main"]
    return TriggerHistory(mirror, tip, "dev", promotion).behind(mirror, tip, path)


# dev: 1 -> 2 -> (replicas) -> 3
@pytest.mark.parametrize(("tag", "expected"), [("1", 2), ("2", 1), ("3", 0), ("9", None), ('"3"', None)])
def test_only_commits_that_changed_promoted_values_count(
    remote: Remote, mirror: Mirror, tag: str, expected: int | None
) -> None:
    remote.outsider_pushes({"qa/values.yaml": values(tag, replicas=40)})
    assert behind(mirror) == expected


@pytest.mark.parametrize("promotion", [{"values.yaml": ["*"]}, None])
def test_whole_files_are_compared_byte_by_byte(
    remote: Remote, mirror: Mirror, promotion: Promotion | None
) -> None:
    assert behind(mirror, promotion) == 3
    remote.outsider_pushes({"qa/values.yaml": values("3", 5), "qa/own": "of the target alone"})
    assert behind(mirror, promotion) == 0
    remote.outsider_pushes({"dev/new.yaml": "x: 1\n"})
    assert behind(mirror, promotion) == (1 if promotion is None else 0)


@pytest.mark.parametrize("content", [None, "{{ helm }}\n", "a: 1\na: 2\n"])
def test_what_cannot_be_read_in_the_target_is_unknown(
    remote: Remote, mirror: Mirror, content: str | None
) -> None:
    if content is None:
        git("rm", "-q", "qa/values.yaml", cwd=remote.outsider)
        remote.outsider_commits_and_pushes("Remove")
    else:
        remote.outsider_pushes({"qa/values.yaml": content})
    assert behind(mirror) is None


def test_a_time_in_which_the_trigger_side_was_broken_does_not_hide_what_was_before(
    remote: Remote, mirror: Mirror
) -> None:
    remote.outsider_pushes({"dev/values.yaml": "{{ broken }}\n"})
    remote.outsider_pushes({"dev/values.yaml": values("4")})
    remote.outsider_pushes({"qa/values.yaml": values("3")})
    assert behind(mirror) == 2


def test_an_application_in_the_root_of_its_repository(remote: Remote, tmp_path: Path) -> None:
    root = Remote(tmp_path / "root")
    root.outsider_pushes({"values.yaml": values("1")})
    old = root.tip()
    root.outsider_pushes({"values.yaml": values("2")})
    with Mirror.open(tmp_path / "m", root.url, allow_file=True) as mirror:
        tip = mirror.fetch(["main"])["main"]
        for promotion in (TAG, None):
            history = TriggerHistory(mirror, tip, "", promotion)
            assert (history.behind(mirror, old, ""), history.behind(mirror, tip, "")) == (1, 0)


def test_the_newest_commits_alone_are_looked_at(mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selector, "HISTORY_LIMIT", 2)
    assert behind(mirror, path="qa") is None
    monkeypatch.setattr(selector, "HISTORY_LIMIT", 3)
    assert behind(mirror, path="qa") == 2


@pytest.mark.django_db
def test_a_preview_needs_as_few_git_processes_for_thirty_environments_as_for_one(
    remote: Remote, tmp_path: Path, settings: Any
) -> None:
    settings.REPOSITORIES_DIR = tmp_path / "mirrors"
    settings.ALLOW_FILE_REPOSITORIES = True
    calls = []
    site()
    Product.objects.update(inline_template="promotion: {values.yaml: {jsonPaths: [$.image.tag]}}\n")
    names = [f"e{number}" for number in range(30)]
    for count in (1, 30):
        chosen = names[:count]
        flow_text(flow_to(chosen))
        tip = remote.outsider_pushes({f"{name}/values.yaml": values("2") for name in ["dev", *chosen]})
        tip = remote.outsider_pushes({"dev/values.yaml": values("7")})
        Application.objects.all().delete()
        for name in ["dev", *chosen]:
            place(name, remote, tip)
        release_preview(flow_name="fan", product_name="shop")
        with git_timed() as times:
            seen = release_preview(flow_name="fan", product_name="shop")
        assert {env["behind"] for env in seen["environments"]} == {1}
        calls.append(times.calls)
    assert calls[0] == calls[1] <= 4


def flow_to(names: list[str]) -> str:
    steps = "".join(f"    - {{environment: {name}, dependsOn: [dev]}}\n" for name in names)
    head = "apiVersion: codefresh.io/v1beta1\nkind: PromotionFlow\nmetadata: {name: fan}\n"
    return f"{head}spec:\n  triggerEnvironment: dev\n  steps:\n{steps}"


def place(name: str, remote: Remote, tip: str) -> None:
    product = Product.objects.get()
    row, _ = Environment.objects.get_or_create(
        name=name, defaults={"kind": "NON_PROD", "position": 0, "tags": []}
    )
    sources = [{"repoURL": remote.url, "path": name, "targetRevision": "main"}]
    application(product, row, name=f"shop-{name}", sources=sources, revisions=[tip])
