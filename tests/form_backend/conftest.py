from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from installation import ITEMS, UNITS, Installation

from form_backend.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(f"sqlite:///{tmp_path / 'var' / 'sukma.sqlite3'}")
    yield found
    found.close()


@pytest.fixture
def installation(tmp_path: Path, store: Store) -> Installation:
    made = Installation(tmp_path, store)
    made.units.write_text(UNITS, encoding="utf-8")
    build = tmp_path / "var" / "builds" / "1"
    for name, text in {
        "index.html": "<h1>depan</h1>",
        "404.html": "<h1>tidak ada</h1>",
        "s/7k3q/index.html": "<h1>survei</h1>",
        "data/units.csv": "code\n7k3q\n",
    }.items():
        (build / name).parent.mkdir(parents=True, exist_ok=True)
        (build / name).write_text(text, encoding="utf-8")
    made.site.symlink_to(build)
    return made


@pytest.fixture
def client(installation: Installation) -> FlaskClient:
    return installation.app().test_client()


@pytest.fixture
def filled() -> Callable[..., dict[str, str]]:
    """A complete form; fields given are added or replace."""

    def make(value: int = 3, **more: str) -> dict[str, str]:
        return {**{item: str(value) for item in ITEMS}, **more}

    return make
