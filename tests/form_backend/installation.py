"""A small installation: a registry, a database, a built site of three files, and a clock that is turned by hand."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from form_backend.app import create_app, create_intake
from form_backend.intake import Intake
from form_backend.registry_watch import RegistryWatch
from form_backend.settings import Settings
from form_backend.store.answers import Store
from form_backend.wsgi import Server

ITEMS = "persyaratan prosedur waktu biaya produk kompetensi perilaku pengaduan sarana".split()
STATIC_POLICY = "default-src 'self'"
UNITS = """
site:
  title: Survei Kepuasan Masyarakat Kota Contoh
  url: http://survei.example
  languages: [id, en]
organisations:
  - {id: kota-contoh, name: Pemerintah Kota Contoh}
units:
  - {code: 7k3q, name: Loket Kependudukan, organisation: kota-contoh, services: [KTP elektronik, Kartu Keluarga]}
  - {code: n4w8, name: Puskesmas Utara, organisation: kota-contoh, biaya: none}
  - {code: c105, name: Kantor Lama, organisation: kota-contoh, status: closed}
  - {code: m0ve, name: Loket Pindahan, organisation: kota-contoh, status: moved, moved_to: 7k3q}
"""

SITE = {
    "index.html": "<h1>depan</h1>",
    "404.html": "<h1>tidak ada</h1>",
    "s/7k3q/index.html": "<h1>survei</h1>",
    "data/units.csv": "code\n7k3q\n",
}


class Client(FlaskClient):
    """A browser that reads every answer to its end, so that files are closed."""

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


@dataclass
class Clock:
    """Stands still until it is turned."""

    now: datetime = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Installation:
    """A folder with everything a backend stands on."""

    folder: Path
    store: Store
    clock: Clock = field(default_factory=Clock)

    @property
    def units(self) -> Path:
        return self.folder / "units.yaml"

    @property
    def site(self) -> Path:
        return self.folder / "var" / "site"

    def fill(self) -> None:
        """The registry, and a built site of a few files behind its link."""
        self.units.write_text(UNITS, encoding="utf-8")
        build = self.folder / "var" / "builds" / "1"
        for name, text in SITE.items():
            (build / name).parent.mkdir(parents=True, exist_ok=True)
            (build / name).write_text(text, encoding="utf-8")
        self.site.symlink_to(build)

    def app(self, **environment: str) -> Flask:
        return self.app_and_intake(**environment)[0]

    def app_and_intake(self, **environment: str) -> tuple[Flask, Intake]:
        settings = Settings.from_environment(environment, self.folder)
        watch = RegistryWatch(self.units, time.monotonic)
        intake = create_intake(settings, self.store, watch, self.clock)
        app = create_app(settings, self.store, watch, intake, self.site, lambda: STATIC_POLICY)
        app.test_client_class = Client
        return app, intake


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """The port of a real server of this application, on the loopback."""
    server, stop = Server(app, "127.0.0.1", 0), Event()
    thread = Thread(target=server.run, args=(stop,))
    thread.start()
    try:
        yield server.port
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()
