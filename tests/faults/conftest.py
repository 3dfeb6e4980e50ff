"""A demo installation in real processes, one per file of tests: each test releases a version of its own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from tests.faults.quick_start import Site

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def running_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site.start(tmp_path_factory.mktemp("site") / "data")
    try:
        site.prepare()
        yield site
    finally:
        site.close()


@pytest.fixture
def site(running_site: Site) -> Site:
    """The installation with a new version waiting in dev and every application well behaved."""
    running_site.make_ready(f"3.{next(_numbers)}.0")
    return running_site
