"""Which URLs are allowed, and that secrets reach git and nothing else."""

import os
import subprocess
from pathlib import Path

import pytest

from promotions.repos import AuthenticationFailed, Credentials, InvalidRepositoryUrl, Mirror
from promotions.repos.environment import ASKPASS, checked_url, child_environment, scrub
from tests.promotions.repos.git_remotes import Remote, git

SECRET = "s3cret-t0ken"
CREDENTIALS = Credentials("robot", SECRET)


@pytest.mark.parametrize(
    ("url", "checked"),
    [
        ("https://example.com/team/app.git", "https://example.com/team/app.git"),
        (" https://example.com:8443/team/app/ ", "https://example.com:8443/team/app"),
        ("ssh://git@example.com:2222/team/app.git", "ssh://git@example.com:2222/team/app.git"),
        ("git@example.com:team/app.git", "git@example.com:team/app.git"),
    ],
)
def test_https_and_ssh_are_allowed(url: str, checked: str) -> None:
    assert checked_url(url, allow_file=False) == checked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "--upload-pack=evil",
        "http://example.com/app.git",
        "git://example.com/app.git",
        "ext::sh -c evil",
        "https:///app.git",
        "app.git",
        "/srv/git/app.git",
        "file:///srv/git/app.git",
        "https://example.com/a\nb",
        f"https://robot:{SECRET}@example.com/app.git",
    ],
)
def test_other_urls_are_refused_without_quoting_a_password(url: str) -> None:
    with pytest.raises(InvalidRepositoryUrl) as caught:
        checked_url(url, allow_file=False)
    assert SECRET not in str(caught.value)


def test_a_file_repository_needs_the_setting_in_git_too(remote: Remote, tmp_path: Path) -> None:
    assert checked_url("file:///srv/git/app.git/", allow_file=True) == "file:///srv/git/app.git"
    assert child_environment("x", credentials=None, allow_file=False)["GIT_ALLOW_PROTOCOL"] == "https:ssh"
    with pytest.raises(InvalidRepositoryUrl, match="LOCKSTEP_ALLOW_FILE_REPOSITORIES"):
        Mirror.open(tmp_path, remote.url)


def test_the_service_accounts_configuration_is_honoured_and_ours_comes_last(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f'[url "{remote.path}"]\n\tinsteadOf = https://git.example.com/app.git\n[http]\n\tfollowRedirects = true\n'
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.name")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "from the service's environment")

    with Mirror.open(tmp_path / "m", "https://git.example.com/app.git", allow_file=True) as mirror:
        assert mirror.fetch(["main"]) == {"main": remote.tip()}
        configured = mirror.git.local(
            "config", "--get-regexp", "^(user.name|http.followredirects)$", timeout=5
        )
    assert configured.stdout.decode().splitlines()[-2:] == [
        "user.name from the service's environment",
        "http.followredirects false",
    ]


def test_a_stray_git_dir_of_the_parent_process_is_ignored(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = remote.tip()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    with Mirror.open(tmp_path / "m", remote.url, allow_file=True) as mirror:
        mirror.fetch(["main"])
        assert mirror.read(tip, "qa/values.yaml") is not None


def credential_fill(url: str, asked: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What git gets when it looks for the credentials of `asked`, in the environment made for `url`."""
    git("init", "-q", ".", cwd=cwd)
    environment = {**os.environ, **child_environment(url, credentials=CREDENTIALS, allow_file=False)}
    return subprocess.run(
        ["git", "credential", "fill"],
        input=f"url={asked}\n\n",
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
        start_new_session=True,
    )


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://example.com/team/app.git", "https://example.com/team/app.git"),
        ("https://example.com:8443/app.git", "https://example.com:8443/app.git"),
        ("https://somebody@example.com/app.git", "https://somebody@example.com/app.git"),
    ],
)
def test_git_gets_the_password_for_its_own_remote(tmp_path: Path, url: str, asked: str) -> None:
    assert f"password={SECRET}\n" in credential_fill(url, asked, tmp_path).stdout


@pytest.mark.parametrize(
    "asked",
    [
        "https://example.org/team/app.git",
        "https://example.com:8443/team/app.git",
        "https://example.com.evil.test/team/app.git",
        "https://evil-example.com/team/app.git",
        "http://example.com/team/app.git",
    ],
)
def test_no_other_remote_gets_the_password(tmp_path: Path, asked: str) -> None:
    done = credential_fill("https://example.com/team/app.git", asked, tmp_path)

    assert done.returncode != 0
    assert SECRET not in done.stdout + done.stderr


def test_the_password_is_in_no_argument_file_or_message(tmp_path: Path) -> None:
    with Mirror.open(tmp_path, "https://127.0.0.1:9/app.git", credentials=CREDENTIALS) as mirror:
        tree = mirror.git.local("mktree", timeout=5)
        echoed = mirror.git.local("cat-file", "-e", SECRET, timeout=5, ok=frozenset({0, 1, 128}))
        assert tree.code == 0 and SECRET not in echoed.stderr and "***" in echoed.stderr
    assert SECRET not in repr(CREDENTIALS)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written and not any(SECRET.encode() in content for content in written)


def test_scrubbing_hides_whatever_stands_before_an_at_sign_in_a_url() -> None:
    text = f"fatal: unable to access 'https://robot:{SECRET}@example.com/app.git/': SSL, {SECRET}"
    assert scrub(text) == f"fatal: unable to access 'https://***@example.com/app.git/': SSL, {SECRET}"
    assert SECRET not in scrub(text, SECRET)


def test_askpass_is_executable() -> None:
    assert os.access(ASKPASS, os.X_OK)


def test_authentication_failures_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho 'git@example.com: Permission denied (publickey).' >&2\nexit 255\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH", str(ssh))
    with (
        Mirror.open(tmp_path / "m", "git@example.com:team/app.git") as mirror,
        pytest.raises(AuthenticationFailed, match="Permission denied") as caught,
    ):
        mirror.probe()
    assert not caught.value.retryable
