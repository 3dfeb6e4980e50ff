"""Which version is lower, as people read versions."""

from __future__ import annotations

import pytest

from promotions.selectors.versions import is_downgrade


@pytest.mark.parametrize(
    ("current", "new", "expected"),
    [
        ("1.2.0", "1.1.9", True),
        ("1.10.0", "1.9.0", True),
        ("1.9.0", "1.10.0", False),
        ("v2.0", "v1.9", True),
        ("v2.0", "1.9", True),
        ("1.0", "1.0.0", False),
        ("1.0.1", "1.0", True),
        ("58.10", "58.9", True),
        ("1.2.0-rc1", "1.1.0+build.5", True),
        ("1.2.0-rc1", "1.2.0", False),
        ("", "1.0", False),
        ("1.0", "", False),
        ("latest", "1.0", False),
        ("1.0", "release-1", False),
        ("1.0\n", "0.9", False),
        ("1..0", "0.9", False),
    ],
)
def test_downgrades(current: str, new: str, expected: bool) -> None:
    assert is_downgrade(current, new) is expected
