"""A served installation: the real commands, a real server, a real browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import write_registry
from served import ROOT, Served, wait


@pytest.fixture
def served(tmp_path: Path, free_port: int) -> Iterator[Served]:
    folder, port = tmp_path / "kota", free_port
    folder.mkdir()
    write_registry(folder)
    shutil.copytree(ROOT / "site_src", folder / "site_src")
    env = {name: text for name, text in os.environ.items() if not name.startswith("SUKMA_")}
    env |= {"SUKMA_LIMITS": "off", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sukma", "serve", "--no-publish", "--port", str(port)]
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=env, stderr=log, start_new_session=True)
        try:
            wait(f"http://127.0.0.1:{port}/readyz", server, tmp_path / "server.log")
            yield Served(folder, f"http://127.0.0.1:{port}", env)
        finally:
            server.terminate()
            server.wait(timeout=20)
