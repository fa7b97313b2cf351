"""nginx in front of a served installation, with the files of deploy/ and nothing else."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"
# What a distribution's own nginx.conf has around the files of sites-enabled; the paths are the test's.
AROUND = """\
{user}worker_processes 1;
daemon off;
pid {here}/nginx.pid;
error_log {here}/log/error.log;
events {{ worker_connections 512; }}
http {{
    default_type application/octet-stream;
    client_body_temp_path {here}/temp-body;
    proxy_temp_path {here}/temp-proxy;
    fastcgi_temp_path {here}/temp-fastcgi;
    uwsgi_temp_path {here}/temp-uwsgi;
    scgi_temp_path {here}/temp-scgi;
    include sukma.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """A running nginx and where it logs."""

    port: int
    folder: Path

    def logs(self) -> dict[str, str]:
        """Everything that it has written, by file."""
        return {file.name: file.read_text() for file in (self.folder / "log").iterdir()}


def program() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.fail("nginx is not installed, and these tests run it: install it (Debian: apt-get install nginx)")
    return found


def configured(here: Path, site: Path, backend: int, changes: dict[str, str] | None = None) -> tuple[Path, int]:
    """A folder with the files of deploy/nginx, adapted as deploy/README.md tells to; and the port to listen on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    shutil.copytree(DEPLOY / "nginx", here)
    (here / "log").mkdir()
    (here / "nginx.conf").write_text(
        AROUND.format(here=here, user="user root;\n" if os.getuid() == 0 else ""), encoding="utf-8"
    )
    adapt(
        here / "sukma.conf",
        {
            "server 127.0.0.1:8000;": f"server 127.0.0.1:{backend};",
            "/srv/sukma/var/site": str(site),
            "/var/log/nginx/": f"{here}/log/",
        },
    )
    adapt(
        here / "sukma" / "listen.conf",
        {"listen 80;": f"listen 127.0.0.1:{port};", "listen [::]:80;": "", **(changes or {})},
    )
    return here, port


def adapt(file: Path, changes: dict[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{old} is not in {file.name} any more"
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def complaints(here: Path) -> str:
    """What `nginx -t` says against a folder's configuration; nothing, where all is well."""
    ran = subprocess.run(
        [program(), "-t", "-q", "-c", here / "nginx.conf"], capture_output=True, text=True, check=False
    )
    return ran.stderr


@contextmanager
def running(here: Path, port: int) -> Iterator[Front]:
    with subprocess.Popen([program(), "-c", here / "nginx.conf"], stderr=subprocess.PIPE, text=True) as process:
        try:
            until = time.monotonic() + 10
            while True:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None and time.monotonic() < until, process.communicate(timeout=5)
                time.sleep(0.02)
            yield Front(port, here)
        finally:
            process.terminate()
