"""A real PostgreSQL in a folder of its own; root starts it as somebody else, because the server refuses root."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from form_backend.store.database import open_engine
from form_backend.store.migrations import migrate

PASSWORD = "kata-sandi-uji"  # of the user `locked`; `sukma` needs none on the loopback
_TEMPLATE = "fresh"
_PATIENCE = 30  # seconds
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def programs() -> Path | None:
    """The folder of the newest server that is installed."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("postgres")
    return Path(found).parent if found else None


class Server:
    """A server on the loopback. `durable`: it syncs to the disk, as a server does that keeps promises."""

    def __init__(self, durable: bool = False) -> None:
        found = programs()
        assert found is not None
        self._bin, self._numbers = found, count(1)
        self._folder = Path(tempfile.mkdtemp(prefix="sukma-postgresql-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.port: int = listening.getsockname()[1]
        self._options = [f"port={self.port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={self._folder}"]
        self._options += [f"fsync={'on' if durable else 'off'}"]
        self._make()
        self.start()

    def _make(self) -> None:
        # A server whose language does not sort by bytes: nothing may depend on that.
        how = "--encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=id --auth=trust --username=sukma"
        command = [str(self._bin / "initdb"), "--pgdata", str(self._data), "--no-sync", *how.split()]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._as)
        access = self._data / "pg_hba.conf"
        access.write_text("host all locked 127.0.0.1/32 scram-sha-256\n" + access.read_text())

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def start(self) -> None:
        """Returns when it answers."""
        libc = ctypes.CDLL(None)
        options = [word for option in self._options for word in ("-c", option)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(self._data), *options],
                stdout=log,
                stderr=log,
                cwd=self._folder,
                preexec_fn=lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT),  # tests that are killed leave none
                **self._as,
            )
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return self.run("SELECT 1", database="postgres")
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > until:
                    raise AssertionError((self._folder / "log").read_text()) from None
                time.sleep(0.05)

    def stop(self) -> None:
        """At once, as a crash does: what was under way is lost, and the next start recovers from the log."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(_PATIENCE)

    def remove(self) -> None:
        """Stop it and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder)

    def run(self, statement: str, database: str = "postgres") -> None:
        """Execute something as the owner."""
        with psycopg.connect(self._address(database), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]

    def _address(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=sukma dbname={database}"

    def url(self, database: str) -> URL:
        """The address of a database."""
        return URL.create("postgresql+psycopg", "sukma", host="127.0.0.1", port=self.port, database=database)

    def empty(self, options: str = "") -> URL:
        """A new database without any table."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} {options}")
        return self.url(name)

    def fresh(self) -> URL:
        """A new database with all tables, copied from one that was migrated once."""
        if not hasattr(self, "_migrated"):
            self.run(f"CREATE DATABASE {_TEMPLATE}")
            engine = open_engine(self.url(_TEMPLATE))
            migrate(engine)
            engine.dispose()
            self._migrated = True
        return self.empty(f"TEMPLATE {_TEMPLATE}")

    def drop(self, url: URL) -> None:
        """Remove a database, whoever still holds a connection to it."""
        self.run(f"DROP DATABASE {url.database} WITH (FORCE)")
