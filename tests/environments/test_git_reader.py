"""Reading bare repositories of this machine: revisions, files, history."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from environments.git_reader import GitReadError, RepositoryReader
from tests.environments.bare_repository import BareRepository


@pytest.fixture
def repository(tmp_path: Path, settings: Any) -> BareRepository:
    settings.DATA_DIR = tmp_path
    return BareRepository(tmp_path)


@pytest.mark.parametrize("packed", [False, True])
def test_revisions(repository: BareRepository, packed: bool) -> None:
    first = repository.commit({"a": "1"})
    repository.commit({"a": "2"}, branch="release/1.0")
    repository.git("tag", "light", first)
    repository.git("-c", "user.name=T", "-c", "user.email=t@t", "tag", "-a", "-m", "x", "heavy", first)
    second = repository.commit({"a": "3"})
    if packed:
        repository.git("gc", "--quiet")
    with RepositoryReader(repository.url) as reader:
        resolved = {
            revision: reader.resolve(revision)
            for revision in ("HEAD", "", "main", "release/1.0", "light", "heavy", first, first[:7])
        }
        assert resolved == {
            "HEAD": second,
            "": second,
            "main": second,
            "release/1.0": repository.tip("release/1.0"),
            "light": first,
            "heavy": first,
            first: first,
            first[:7]: first,
        }
        for unknown in ("nowhere", "0" * 40, first[:6], "../HEAD", "main^", "refs/heads/main~1", "-x"):
            with pytest.raises(GitReadError, match="no revision"):
                reader.resolve(unknown)


def test_files_and_their_ids(repository: BareRepository) -> None:
    sha = repository.commit({"apps/web/b/c.yaml": "c", "apps/web/a.yaml": "a", "apps/website/x": "x"})
    with RepositoryReader(repository.url) as reader:
        assert [(f.path, f.size) for f in reader.files(sha, "apps/web")] == [("a.yaml", 1), ("b/c.yaml", 1)]
        assert len(reader.files(sha, "")) == 3
        assert reader.files(sha, "apps/none") == [] == reader.files(sha, "apps/web/a.yaml")
        assert reader.read(sha, "apps/web/a.yaml") == b"a"
        assert reader.read(sha, "apps/web") is None
        assert reader.object_id(sha, "apps/web") == repository.git("rev-parse", f"{sha}:apps/web")
        assert reader.object_id(sha, "nothing/here") is None


def test_the_last_change_is_that_of_the_paths(repository: BareRepository) -> None:
    first = repository.commit({"a/x": "1", "b/x": "1"}, "Both\n\nwith a body", author="Ada")
    second = repository.commit({"b/x": "2"}, "Only b", author="Bob")
    third = repository.commit({"c": "3"}, "Neither", author="Cy")
    with RepositoryReader(repository.url) as reader:
        found = reader.last_change(third, ["a"])
        assert found is not None
        assert (found.sha, found.author, found.message) == (first, "Ada", "Both\n\nwith a body")
        assert found.at.tzinfo is not None
        both = reader.last_change(third, ["a", "b"])
        assert both is not None and both.sha == second
        everything = reader.last_change(third, [])
        assert everything is not None and everything.sha == third
        assert reader.last_change(third, [":(top)*", "none"]) is None
        with pytest.raises(GitReadError):
            reader.last_change("f" * 40, ["a"])


def test_what_was_pushed_since_is_seen_by_the_next_reader(repository: BareRepository) -> None:
    first = repository.commit({"a": "1"})
    with RepositoryReader(repository.url) as reader:
        assert reader.resolve("main") == first
    second = repository.commit({"a": "2"})
    with RepositoryReader(repository.url) as reader:
        assert (reader.resolve("main"), reader.read(second, "a")) == (second, b"2")


def test_an_empty_repository_has_no_head(repository: BareRepository) -> None:
    with RepositoryReader(repository.url) as reader:
        assert reader.branch_tip("main") is None
        with pytest.raises(GitReadError, match="no revision HEAD"):
            reader.resolve("HEAD")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("lockstep://local/none.git", "does not exist"),
        ("https://git.example/a.git", "another machine"),
        ("nonsense", "none of"),
    ],
)
def test_what_cannot_be_opened(repository: BareRepository, url: str, message: str) -> None:
    with pytest.raises(GitReadError, match=message):
        RepositoryReader(url)


def test_damage_is_said_and_not_raised_as_something_else(repository: BareRepository) -> None:
    sha = repository.commit({"apps/web/a.yaml": "a", "apps/web/b.yaml": "b"})
    blob = repository.git("rev-parse", f"{sha}:apps/web/a.yaml")
    damaged = repository.path / "objects" / blob[:2] / blob[2:]
    damaged.chmod(0o644)
    damaged.write_bytes(b"\x78\x9cbroken")
    with RepositoryReader(repository.url) as reader, pytest.raises(GitReadError, match=r"damaged|no commit"):
        reader.read(sha, "apps/web/a.yaml")
