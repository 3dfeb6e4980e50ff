"""How far behind, on made-up histories of real repositories: what Git lists, commit by commit, decides."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest
import yaml

from promotions.repos import Mirror
from promotions.selectors.behind import TriggerHistory
from promotions.steps.change import Promotion

DIRECTORIES = ("dev", "qa")
NAMES = ("a.yaml", "sub/b.yaml", "c")
CONTENTS = ("x: 1\ny: 1\n", "x: 1\ny: 2\n", "x: 2\ny: 1\n", "y: 1\n", "{{ broken }}\n")
NAMED: Promotion = {"a.yaml": ["$.x"], "c": ["*"], "sub/b.yaml": ["$.x", "$.y"]}
Tree = dict[str, tuple[str, str]]  # path -> mode, content
State = dict[str, dict[str, str]]  # file -> JSONPath -> value


@pytest.mark.parametrize("promotion", [None, NAMED], ids=["whole directories", "named values"])
@pytest.mark.parametrize("seed", range(8))
def test_a_made_up_history_gives_what_its_states_compared_whole_give(
    tmp_path: Path, seed: int, promotion: Promotion | None
) -> None:
    pick = random.Random(seed)
    repository = tmp_path / "remote.git"
    trees = made_up(repository, pick)
    with Mirror.open(tmp_path / "mirrors", str(repository), allow_file=True) as mirror:
        tip = mirror.fetch(["main"])["main"]
        history = TriggerHistory(mirror, tip, "dev", promotion)
        states = [values(tree, "dev", promotion) for tree in reversed(trees)]
        # What the trigger side itself had, at any time, and what the other environment had.
        carriers = mirror.git.local("rev-list", "--first-parent", tip, timeout=30).stdout.decode().split()
        for commit, tree in zip(carriers, reversed(trees), strict=True):
            for directory in DIRECTORIES:
                expected = whole_states(states, values(tree, directory, promotion))
                assert history.behind(mirror, commit, directory) == expected, (commit, directory)


def made_up(repository: Path, pick: random.Random) -> list[Tree]:
    """A branch of 25 commits that write, remove, link and move files; each one's tree, the oldest first."""
    tree: Tree = {f"{directory}/a.yaml": ("100644", CONTENTS[0]) for directory in DIRECTORIES}
    trees: list[Tree] = []
    stream = []
    for number in range(1, 26):
        parents = [number - 1] if number > 1 else []
        if number % 8 == 0:  # what a side branch had is merged; its own commits were never the branch's tip
            side = {**tree, "dev/a.yaml": ("100644", f"x: side{number}\n")}
            stream.append(commit("side", 100 + number, parents, side))
            parents.append(100 + number)
        for _ in range(pick.randint(0, 2)):
            change(tree, pick)
        trees.append(dict(tree))
        stream.append(commit("main", number, parents, tree))
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    importing = ["git", "fast-import", "--quiet"]
    subprocess.run(importing, cwd=repository, input="".join(stream).encode(), check=True)
    return trees


def change(tree: Tree, pick: random.Random) -> None:
    path = f"{pick.choice(DIRECTORIES)}/{pick.choice(NAMES)}"
    what = pick.randrange(8)
    if what == 0:
        tree.pop(path, None)
    elif what == 1:
        tree[path] = ("120000", "a.yaml")
    elif what == 2 and "/c" in path:  # a file's name becomes a directory's
        tree.pop(path, None)
        tree[f"{path}/d.yaml"] = ("100644", pick.choice(CONTENTS))
        return
    else:
        tree[path] = (pick.choice(("100644", "100755")), pick.choice(CONTENTS))
    for below in [name for name in tree if name.startswith(f"{path}/")]:
        del tree[below]


def commit(branch: str, mark: int, parents: list[int], tree: Tree) -> str:
    """A commit of exactly this tree, for `git fast-import`."""
    lines = [f"commit refs/heads/{branch}\nmark :{mark}\ncommitter O <o@example.com> {mark} +0000\ndata 0\n"]
    lines += [f"{'merge' if at else 'from'} :{parent}\n" for at, parent in enumerate(parents)]
    lines.append("deleteall\n")
    for path, (mode, content) in tree.items():
        lines.append(f"M {mode} inline {path}\ndata {len(content)}\n{content}\n")
    return "".join(lines)


def values(tree: Tree, directory: str, promotion: Promotion | None) -> State | None:
    """The promoted values as the rule says, read without Git; None where one of the files cannot be read."""
    found: State = {}
    for path, (mode, content) in tree.items():
        name = path.removeprefix(f"{directory}/")
        if name == path or mode == "120000" or (promotion is not None and name not in promotion):
            continue
        if promotion is None or promotion[name] == ["*"]:
            found[name] = {"*": content}
        elif "broken" in content:
            return None
        else:
            data = yaml.safe_load(content)
            found[name] = {path: data[path[2:]] for path in promotion[name] if path[2:] in data}
    return found


def whole_states(states: list[State | None], carried: State | None) -> int | None:
    """The rule as it is said, each state (newest first) compared whole."""
    for number, state in enumerate(states) if carried is not None else ():
        wanted = [(name, path, v) for name, there in (state or {}).items() for path, v in there.items()]
        if wanted and all(carried.get(name, {}).get(path) == v for name, path, v in wanted):
            return sum(states[at] != states[at + 1] for at in range(number))
    return None
