"""Options of `manage.py up` that settings depend on, for before settings are read. Never imports Django."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence

DEFAULT_PORT = 8000
FILE_REPOSITORIES = "LOCKSTEP_ALLOW_FILE_REPOSITORIES"
# The file in the data directory that says "this is the demo": its repositories are local ones.
DEMO_MARK = "demo"


def option(arguments: Sequence[str], name: str) -> str | None:
    """The value of `--name VALUE` or `--name=VALUE`, the last one winning; None when absent."""
    value = None
    for position, argument in enumerate(arguments):
        if argument == name and position + 1 < len(arguments):
            value = arguments[position + 1]
        elif argument.startswith(f"{name}="):
            value = argument.partition("=")[2]
    return value


def apply(argv: Sequence[str], environ: MutableMapping[str, str]) -> None:
    """Put what `up` was told into the environment, where settings and all child processes read it."""
    if len(argv) < 2 or argv[1] != "up":
        return
    arguments = argv[2:]
    data_dir = option(arguments, "--data-dir")
    if data_dir:
        environ["LOCKSTEP_DATA_DIR"] = data_dir
        environ.pop("LOCKSTEP_DATA_DIR_FILE", None)
    if "--demo" in arguments and not any(name.startswith(FILE_REPOSITORIES) for name in environ):
        environ[FILE_REPOSITORIES] = "true"
    if not environ.get("LOCKSTEP_PUBLIC_URL") and "LOCKSTEP_PUBLIC_URL_FILE" not in environ:
        port = option(arguments, "--port") or str(DEFAULT_PORT)
        # A port that is no number is refused by the command itself, in words.
        environ["LOCKSTEP_PUBLIC_URL"] = f"http://127.0.0.1:{port if port.isdigit() else DEFAULT_PORT}"
