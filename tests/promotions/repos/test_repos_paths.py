"""Paths that must not be written, and odd ones that must."""

from pathlib import Path

import pytest

from promotions.repos import Committed, FileWrite, Mirror, Refused, UnsafePath, push_wave
from promotions.repos.paths import check_path
from tests.promotions.repos.git_remotes import Intents, Remote, git, version_edit, write_edit


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "qa/",
        "qa//values.yaml",
        "../outside.yaml",
        "qa/../prod/values.yaml",
        "./values.yaml",
        "..\\outside.yaml",
        ".git/config",
        ".GIT/config",
        "qa/.Git/hooks/pre-commit",
        "git~1/config",
        "GIT~1/config",
        ".git./config",
        ".git /config",
        ".git::$INDEX_ALLOCATION/config",
        ".g\u200cit/config",
        "\ufeff.git/config",
        "qa/\0.yaml",
        "x" * 5000,
    ],
)
def test_a_path_that_leaves_its_place_is_refused(path: str) -> None:
    with pytest.raises(UnsafePath):
        check_path(path)


ODD_PATHS = [
    'qa/with "quotes".yaml',
    "qa/with\nnewline.yaml",
    "qa/tab\there.yaml",
    "qa/Grüße-日本.yaml",
    "qa/ leading and trailing ",
    "qa/not-utf8-\udcff.yaml",
    "qa/.gitignore",
    "qa/.github/workflows.yaml",
    "qa/..values..yaml",
    "-rf",
    ":(glob)**",
]


def test_odd_but_honest_paths_are_written_and_read_back(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    writes = [FileWrite(path, path.encode("utf-8", "surrogateescape")) for path in ODD_PATHS]
    [result] = push_wave(mirror, "main", remote.tip(), [write_edit("qa", *writes)], intents, timeout=30)

    assert isinstance(result, Committed)
    for write in writes:
        blob = mirror.read(result.sha, write.path)
        assert blob is not None and blob.content == write.content
    assert set(mirror.changed_paths(result.sha)) == set(ODD_PATHS)
    assert set(ODD_PATHS) < set(mirror.list_files(result.sha, ""))
    git("fsck", "--strict", "--no-dangling", cwd=remote.path)


@pytest.fixture
def remote_with_traps(remote: Remote, tmp_path: Path) -> Remote:
    """linked -> qa, link.yaml -> qa/values.yaml, submodule is a gitlink."""
    (remote.outsider / "linked").symlink_to("qa")
    (remote.outsider / "link.yaml").symlink_to("qa/values.yaml")
    git("add", "-A", cwd=remote.outsider)
    head = git("rev-parse", "HEAD", cwd=remote.outsider)
    git("update-index", "--add", "--cacheinfo", f"160000,{head},submodule", cwd=remote.outsider)
    remote.outsider_commits_and_pushes("Traps")
    return remote


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("linked/values.yaml", "'linked' is a symbolic link"),
        ("link.yaml", "it is a symbolic link"),
        ("submodule/values.yaml", "'submodule' is a submodule"),
        ("submodule", "it is a submodule"),
        ("qa/values.yaml/deeper", "'qa/values.yaml' is a file"),
        ("qa", "it is a directory"),
        ("qa/.git/config", "Git's own directory"),
        ("../outside", "could leave its directory"),
    ],
)
def test_only_the_edit_with_the_unsafe_path_fails(
    remote_with_traps: Remote, mirror: Mirror, intents: Intents, path: str, why: str
) -> None:
    edits = [write_edit("trap", FileWrite(path, b"x")), version_edit("prod-eu", "2")]
    refused, committed = push_wave(mirror, "main", remote_with_traps.tip(), edits, intents, timeout=30)

    assert isinstance(refused, Refused) and why in refused.message
    assert isinstance(committed, Committed)
    assert committed.changes == ("prod-eu/values.yaml",)


def test_a_file_cannot_become_a_directory_within_one_wave(
    remote: Remote, mirror: Mirror, intents: Intents
) -> None:
    edits = [write_edit("one", FileWrite("new", b"1")), write_edit("two", FileWrite("new/below", b"2"))]
    first, second = push_wave(mirror, "main", remote.tip(), edits, intents, timeout=30)

    assert isinstance(first, Committed)
    assert second == Refused("'new/below' cannot be written: 'new' is a file, not a directory.")


def test_modes_are_kept_given_and_checked(remote: Remote, mirror: Mirror, intents: Intents) -> None:
    (remote.outsider / "run.sh").write_text("#!/bin/sh\n")
    (remote.outsider / "run.sh").chmod(0o755)
    remote.outsider_pushes({})
    edits = [
        write_edit("kept", FileWrite("run.sh", b"#!/bin/sh\nexit 0\n")),
        write_edit("given", FileWrite("new.sh", b"", mode="100755"), FileWrite("new.txt", b"")),
        write_edit("mode-only", FileWrite("qa/values.yaml", b"version: 1\n", mode="100755")),
        write_edit("link", FileWrite("escape", b"/etc/passwd", mode="120000")),
    ]
    *committed, refused = push_wave(mirror, "main", remote.tip(), edits, intents, timeout=30)

    assert [result.changes for result in committed] == [
        ("run.sh",),
        ("new.sh", "new.txt"),
        ("qa/values.yaml",),
    ]
    modes = [remote.mode(path) for path in ("run.sh", "new.sh", "new.txt", "qa/values.yaml")]
    assert modes == ["100755", "100755", "100644", "100755"]
    assert isinstance(refused, Refused) and "120000" in refused.message


def test_what_gits_strict_check_refuses_fails_alone(remote: Remote, mirror: Mirror, intents: Intents) -> None:
    hostile = b'[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch owned\n'
    edits = [version_edit("qa", "2"), write_edit("hostile", FileWrite(".gitmodules", hostile))]
    committed, refused = push_wave(mirror, "main", remote.tip(), edits, intents, timeout=30)

    assert isinstance(committed, Committed)
    assert isinstance(refused, Refused) and "gitmodulesUrl" in refused.message
    assert remote.subjects() == ["Promote to qa", "Start"]


@pytest.mark.parametrize(
    "content",
    [b"", b"no newline at end", b"\r\n mixed \n", bytes(range(256)), "Grüße, 世界 🚀\n".encode(), b"done\n"],
)
def test_every_byte_of_the_content_arrives(
    remote: Remote, mirror: Mirror, intents: Intents, content: bytes
) -> None:
    edits = [write_edit("qa", FileWrite("qa/data", content))]
    [result] = push_wave(mirror, "main", remote.tip(), edits, intents, timeout=30)

    blob = mirror.read(result.sha, "qa/data")
    assert blob is not None and blob.content == content
