"""One unit, its publisher's day, and what is read from the remote: what the publisher's tests are about."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from builders import a_registry, a_site, a_unit

SITE = a_site()
UNIT = a_unit()
REGISTRY = a_registry(UNIT, site=SITE)
WORDS = {"units.yaml": b"site: {}\n", "site_src/docs/index.md": b"# Halo\n"}
IN_TW3 = date(2026, 9, 20)
IN_TW4 = date(2026, 10, 20)
RESULT = "site_src/results/2026-TW4/7k3q.json"

Answers = Callable[..., None]


def git(repository: Path, *words: str) -> str:
    who = ["-c", "user.name=Someone", "-c", "user.email=someone@example.org"]
    command = ["git", "-C", str(repository), *who, *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def published(remote: Path, path: str = RESULT) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(git(remote, "show", f"main:{path}"))
    return content


def commits(remote: Path) -> list[str]:
    return git(remote, "log", "--format=%s", "main").splitlines()
