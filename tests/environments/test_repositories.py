"""Which repository addresses are opened, and as what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from environments.repositories import RepositoryRefused, allowed_protocols, resolve_repository_url


@pytest.fixture
def data_dir(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    settings.ALLOW_FILE_REPOSITORIES = False
    (tmp_path / "git").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("url", "path"), [("demo.git", "demo.git"), ("team/a_b-1.2.git", "team/a_b-1.2.git")]
)
def test_own_repositories_are_below_the_data_directory(data_dir: Path, url: str, path: str) -> None:
    assert resolve_repository_url(f"lockstep://local/{url}") == str(data_dir / "git" / path)


@pytest.mark.parametrize(
    "url",
    [
        "lockstep://local/",
        "lockstep://local/demo",
        "lockstep://local/.git",
        "lockstep://local/../demo.git",
        "lockstep://local/a/../../demo.git",
        "lockstep://local//etc/demo.git",
        "lockstep://local/-x.git",
        "lockstep://local/a%2f..%2fb.git",
        "lockstep://local/.hidden/demo.git",
        "lockstep://local/demo.git\n",
        "lockstep://other/demo.git",
        "lockstep://local/link/demo.git",
    ],
)
def test_own_repositories_cannot_lead_elsewhere(data_dir: Path, url: str) -> None:
    (data_dir / "git" / "link").symlink_to("/tmp")
    if url.endswith("\n"):
        assert resolve_repository_url(url) == str(data_dir / "git" / "demo.git")
        return
    with pytest.raises(RepositoryRefused):
        resolve_repository_url(url)


@pytest.mark.parametrize("url", ["/srv/git/a.git", "file:///srv/git/a.git", "file://localhost/srv/git/a.git"])
def test_local_paths_need_the_operators_word(data_dir: Path, settings: Any, url: str) -> None:
    with pytest.raises(RepositoryRefused, match="LOCKSTEP_ALLOW_FILE_REPOSITORIES"):
        resolve_repository_url(url)
    settings.ALLOW_FILE_REPOSITORIES = True
    assert resolve_repository_url(url) == "/srv/git/a.git"


@pytest.mark.parametrize(
    "url",
    ["https://git.example/a.git", "ssh://git@git.example:22/a.git", "git@git.example:team/a.git"],
)
def test_remote_addresses_stay_as_they_are(data_dir: Path, url: str) -> None:
    assert resolve_repository_url(url) == url
    assert allowed_protocols(url) == "https:ssh"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "demo.git",
        "ext::sh -c id",
        "http://git.example/a.git",
        "http://user:secret@git.example/a.git",
        "git://token@git.example/a.git",
        "HTTP://user:sec@secret@git.example/a.git",
        "git://git.example/a.git",
        "https://",
        "https://user:secret@git.example/a.git",
        "https://token@git.example/a.git",
        "ssh://git:secret@git.example/a.git",
        "-oProxyCommand=id",
        "--upload-pack=id",
        "fd::17",
    ],
)
def test_everything_else_is_refused_without_telling_secrets(data_dir: Path, settings: Any, url: str) -> None:
    settings.ALLOW_FILE_REPOSITORIES = True
    with pytest.raises(RepositoryRefused) as caught:
        resolve_repository_url(url)
    assert "secret" not in str(caught.value) and "token@" not in str(caught.value)


@pytest.mark.parametrize("url", ["file://host/a.git", "file:relative.git"])
def test_odd_file_addresses_are_refused(data_dir: Path, settings: Any, url: str) -> None:
    settings.ALLOW_FILE_REPOSITORIES = True
    with pytest.raises(RepositoryRefused):
        resolve_repository_url(url)
