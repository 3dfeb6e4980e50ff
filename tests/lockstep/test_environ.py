"""What the environment may say, and in which words the rest is refused."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lockstep import commandline, environ, valkey
from lockstep.environ import WrongSetting


def test_a_setting_comes_from_its_variable_or_from_the_file_that_it_names(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")

    assert environ.read("X", environ={"X": "plain"}) == "plain"
    assert environ.read("X", environ={"X_FILE": str(secret)}) == "from a file"
    assert environ.read("X", "default", environ={}) == "default"
    assert environ.read("X", "default", environ={"X": ""}) == "default"


def test_a_setting_given_twice_or_from_a_missing_file_is_refused_by_name() -> None:
    with pytest.raises(WrongSetting, match="X and X_FILE are both set"):
        environ.read("X", environ={"X": "a", "X_FILE": "/b"})
    with pytest.raises(WrongSetting, match="X_FILE names /nowhere/at/all, which cannot be read"):
        environ.read("X", environ={"X_FILE": "/nowhere/at/all"})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("YES", True),
        ("1", True),
        ("on", True),
        ("false", False),
        ("Off", False),
        ("0", False),
    ],
)
def test_booleans_are_read_in_the_usual_spellings(
    text: str, value: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("X", text)
    assert environ.read_bool("X", default=not value) is value


def test_a_boolean_in_another_spelling_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "maybe")
    with pytest.raises(WrongSetting, match="X is 'maybe': write true or false"):
        environ.read_bool("X", default=True)


@pytest.mark.parametrize("text", ["soon", "-1", "90000", "nan"])
def test_durations_outside_their_range_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", text)
    with pytest.raises(WrongSetting, match="X is "):
        environ.read_seconds("X", 5.0)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgres://me:p%40ss@db.example:5433/lockstep",
            {"NAME": "lockstep", "USER": "me", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "5433"},
        ),
        ("postgresql://db/lockstep", {"NAME": "lockstep", "USER": "", "HOST": "db", "PORT": ""}),
        ("postgres://me@/lockstep?host=/run/postgresql", {"USER": "me", "HOST": "/run/postgresql"}),
        ("sqlite:////var/lib/lockstep.sqlite3", {"NAME": "/var/lib/lockstep.sqlite3"}),
    ],
)
def test_database_urls_are_read(url: str, expected: dict[str, Any]) -> None:
    entry = environ.database_from_url(url)
    assert {key: entry[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://db/x", "starts with mysql"),
        ("postgres://db", "names no database"),
        ("db", "starts with nothing"),
    ],
)
def test_other_databases_are_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(WrongSetting, match=words):
        environ.database_from_url(url)


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("redis://cache:6379/3", "redis://cache:6379/3"),
        ("rediss://cache", "rediss://cache"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_one_redis_url_serves_the_broker_too(url: str, broker: str) -> None:
    assert environ.broker_url(environ.check_redis_url(url)) == broker


def test_another_message_server_is_refused() -> None:
    with pytest.raises(WrongSetting, match="REDIS_URL starts with amqp"):
        environ.check_redis_url("amqp://queue")


@pytest.mark.parametrize(
    ("arguments", "before", "after"),
    [
        (["up", "--data-dir", "/d"], {}, {"LOCKSTEP_DATA_DIR": "/d"}),
        (["up", "--data-dir=/d"], {"LOCKSTEP_DATA_DIR": "/e"}, {"LOCKSTEP_DATA_DIR": "/d"}),
        (["up", "--port", "8123"], {}, {"LOCKSTEP_PUBLIC_URL": "http://127.0.0.1:8123"}),
        (["up", "--port=81"], {"LOCKSTEP_PUBLIC_URL": "https://x"}, {"LOCKSTEP_PUBLIC_URL": "https://x"}),
        (["up", "--demo"], {}, {"LOCKSTEP_ALLOW_FILE_REPOSITORIES": "true"}),
        (
            ["up", "--demo"],
            {"LOCKSTEP_ALLOW_FILE_REPOSITORIES": "false"},
            {"LOCKSTEP_ALLOW_FILE_REPOSITORIES": "false"},
        ),
    ],
)
def test_options_of_up_reach_the_settings(
    arguments: list[str], before: dict[str, str], after: dict[str, str]
) -> None:
    environment = dict(before)
    commandline.apply(["manage.py", *arguments], environment)
    assert environment.items() >= after.items()


def test_options_of_other_commands_are_left_alone() -> None:
    environment: dict[str, str] = {}
    commandline.apply(["manage.py", "migrate", "--data-dir", "/d"], environment)
    assert environment == {}


@pytest.fixture
def short_directory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The temporary directory of this process, short wherever the tests themselves may be."""
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        monkeypatch.setattr("tempfile.tempdir", short)
        yield Path(short)


def test_a_data_directory_with_a_long_path_gets_its_socket_in_a_short_one(short_directory: Path) -> None:
    long = short_directory / ("long" * 30)

    path = valkey.socket_path(long)

    assert path.parent.parent == short_directory
    assert len(str(path)) <= valkey.SOCKET_PATH_LIMIT
    assert path == valkey.socket_path(long), "every process finds the same one"
    assert path != valkey.socket_path(long / "other")


def test_a_short_directory_that_others_can_enter_is_refused(short_directory: Path) -> None:
    long = short_directory / ("long" * 30)
    valkey.socket_path(long).parent.mkdir(mode=0o755)

    with pytest.raises(WrongSetting, match="not a private directory of this user"):
        valkey.socket_path(long)


def test_a_temporary_directory_too_deep_for_a_socket_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("deep" * 25)
    monkeypatch.setattr("tempfile.tempdir", str(deep))

    with pytest.raises(WrongSetting, match="set TMPDIR to a shorter path") as refused:
        valkey.socket_path(tmp_path / ("long" * 30))
    assert str(deep) in str(refused.value)
