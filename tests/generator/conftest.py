"""The three-unit site, built once for all tests of the generator."""

from pathlib import Path

import pytest
from small_site import SmallSite, three_units


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The three-unit site as built from nothing; for reading only."""
    site = three_units(tmp_path_factory.mktemp("three-units"))
    site.build()
    return site


@pytest.fixture
def site(built: SmallSite, tmp_path: Path) -> SmallSite:
    """A copy of the built site that a test may change."""
    return built.copy_to(tmp_path / "site")
