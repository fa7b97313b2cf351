"""A served installation: the real commands, a real server, a real browser."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import registry_yaml
from network import Network
from served import Served, serving

SITE = """\
site:
  title: Survei Kepuasan Masyarakat Kota Contoh
  url: http://127.0.0.1:8000
  languages: [id, en, jv, mad]
"""
UNITS = """\
units:
  - {code: 7k3q, name: Loket Contoh, organisation: dinas, services: [Kartu Keluarga, KTP elektronik]}
  - {code: b4y4, name: Puskesmas Contoh, organisation: dinas}
  - {code: m0ve, name: Loket Pindahan, organisation: dinas, status: moved, moved_to: 7k3q}
  - {code: c105, name: Kantor Lama, organisation: dinas, status: closed}
"""


@pytest.fixture
def served(tmp_path: Path, free_port: int) -> Iterator[Served]:
    with serving(tmp_path, free_port, registry_yaml()) as installation:
        yield installation


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An installation with two units in every language, for all tests of a module: each counts what it added."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    with serving(tmp_path_factory.mktemp("city"), port, registry_yaml(site=SITE, units=UNITS)) as installation:
        yield installation


@pytest.fixture
def network(city: Served) -> Iterator[Network]:
    """What is between a phone and the city's server; it can be cut at any moment."""
    with Network(city.url) as between:
        yield between
