"""Peers to be measured beside, installed from the package index for the time of a run."""

import subprocess
import sys
from pathlib import Path

INSTALL_SECONDS = 180


def installed(folder: Path, package: str) -> Path | None:
    """An environment of its own in `folder` with this package (`name==version`); None where it cannot be had."""
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, timeout=60)
        command = [str(folder / "bin" / "pip"), "install", "--quiet", package]
        subprocess.run(command, check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError):
        return None
    return folder
