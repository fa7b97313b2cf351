from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from installation import ITEMS, Installation, serving
from publishing import IN_TW4, REGISTRY, UNIT, WORDS, Answers

from form_backend.intake import Intake
from form_backend.publish import Publisher
from form_backend.site_repository import SiteRepository
from form_backend.store.answers import Store, open_store
from form_backend.store.releases import ReleaseStore
from skm.responses import Response

ENGINES = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests marked `engines` run once on each database that the mark names; the others on SQLite."""
    mark = metafunc.definition.get_closest_marker("engines")
    if mark and "store" in metafunc.fixturenames:
        metafunc.parametrize("store", mark.args or ENGINES, indirect=True)


@pytest.fixture
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store on a database of its own."""
    if getattr(request, "param", "sqlite") == "postgresql":
        found = open_store(request.getfixturevalue("shared_url"))
    else:
        found = open_store(f"sqlite:///{tmp_path / 'var' / 'sukma.sqlite3'}")
    yield found
    found.close()


@pytest.fixture
def installation(tmp_path: Path, store: Store) -> Installation:
    made = Installation(tmp_path, store)
    made.fill()
    return made


@pytest.fixture
def client(installation: Installation) -> FlaskClient:
    return installation.app().test_client()


@pytest.fixture
def port(installation: Installation) -> Iterator[int]:
    """The port of the installation's own server on the loopback."""
    with serving(installation.app()) as port:
        yield port


@pytest.fixture
def filled() -> Callable[..., dict[str, str]]:
    """A complete form; fields given are added or replace."""

    def make(value: int = 3, **more: str) -> dict[str, str]:
        return {**{item: str(value) for item in ITEMS}, **more}

    return make


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return tmp_path / "var" / "remote.git"


@pytest.fixture
def answers(store: Store) -> Answers:
    """`answers(25)`: so many people answer the unit on a day."""
    intake = Intake(store, lambda: REGISTRY, lambda: datetime.now(UTC), b"s" * 32)
    form = REGISTRY.instrument(UNIT)
    versi, items = form.versi, [item.key for item in form.items()]

    def come(count: int, day: date = IN_TW4, value: int = 3, **attributes: str) -> None:
        instant = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
        response = Response(dict.fromkeys(items, value), versi, attributes, saran="RAHASIA")
        intake.record_many([(UNIT, response, instant)] * count)

    return come


@pytest.fixture
def publisher(store: Store, tmp_path: Path, remote: Path) -> Publisher:
    repository = SiteRepository(tmp_path / "var" / "clone", str(remote), "main")
    return Publisher(ReleaseStore(store.engine), repository, REGISTRY, lambda: WORDS, pause=lambda _attempt: None)
