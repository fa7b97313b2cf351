"""What an installation sets from outside: `SUKMA_…` variables, checked once (README, "Settings")."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from os.path import realpath
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from generator.mkdocs_build import Builder

T = TypeVar("T")
Network = IPv4Network | IPv6Network

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
_BRANCH = re.compile(r"(?!.*(\.\.|//|\.lock$|/$))[A-Za-z0-9][A-Za-z0-9._/-]*")
_ELSEWHERE = re.compile(r"[a-z+]+://|[^/]+:")  # a URL, or git's host:path
_SECRET_LEAST = 32
_DATABASES = "write a file, such as sqlite:///var/sukma.sqlite3, or postgresql://user@host/database"


class SettingsError(Exception):
    """The environment says something that cannot be; `problems` are sentences, all at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """The settings of an installation; paths are absolute. `secret_key` is None where nobody set one."""

    folder: Path
    database_url: URL  # no text: a folder's name may hold ? or #
    site_dir: Path
    site_repo: Path
    remote: str
    branch: str = "main"
    secret_key: bytes | None = None
    allowed_origins: frozenset[str] = frozenset()
    trusted_proxies: tuple[Network, ...] = ()
    limits: bool = True
    builder: Builder = Builder.MKDOCS

    @property
    def secret_file(self) -> Path:
        """Where the secret is kept that this installation made for itself."""
        return self.folder / "var" / "secret"

    def secret(self) -> bytes:
        """The secret that was set, else the one in `secret_file`, made at first use."""
        return self.secret_key if self.secret_key is not None else ensure_secret(self.secret_file)

    @classmethod
    def from_environment(cls, env: Mapping[str, str], folder: Path) -> "Settings":
        """The settings of `folder`; relative paths are below it. SettingsError names every bad value."""
        problems: list[str] = []

        def value(name: str, default: T, read: Callable[[str], T], secret: bool = False) -> T:
            try:
                text = _secret_text(env, name) if secret else env.get(name)
                return read(text) if text else default
            except (OSError, UnicodeDecodeError, ValueError) as error:
                problems.append(f"{name}: {error}")
                return default

        folder = folder.absolute()
        settings = cls(
            folder=folder,
            database_url=value(
                "SUKMA_DATABASE_URL",
                URL.create("sqlite", database=realpath(folder / "var/sukma.sqlite3")),
                lambda text: read_database_url(text, folder),
                secret=True,
            ),
            site_dir=value("SUKMA_SITE_DIR", folder / "var/site", folder.joinpath),
            site_repo=value("SUKMA_SITE_REPO", folder / "var/clone", folder.joinpath),
            remote=value(
                "SUKMA_REMOTE", str(folder / "var/remote.git"), lambda text: _remote(text, folder), secret=True
            ),
            branch=value("SUKMA_BRANCH", "main", _branch),
            secret_key=value("SUKMA_SECRET_KEY", None, _secret_key, secret=True),
            allowed_origins=value("SUKMA_ALLOWED_ORIGINS", frozenset(), lambda text: frozenset(_origins(text))),
            trusted_proxies=value("SUKMA_TRUSTED_PROXIES", (), lambda text: tuple(_networks(text))),
            limits=value("SUKMA_LIMITS", True, _on_or_off),
            builder=value("SUKMA_BUILDER", Builder.MKDOCS, _builder),
        )
        if problems:
            raise SettingsError(tuple(problems))
        return settings


def ensure_secret(path: Path) -> bytes:
    """The secret in a file that only its owner can read; made at first use, by one process of several."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
        with suppress(FileExistsError):  # another process was first: its secret is the secret
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_bytes().strip()


def _secret_text(env: Mapping[str, str], name: str) -> str | None:
    file = env.get(f"{name}_FILE")
    if file and env.get(name):
        raise ValueError(f"set it or {name}_FILE, not both")
    return Path(file).read_text(encoding="utf-8").strip() if file else env.get(name)


def read_database_url(text: str, folder: Path) -> URL:
    """The address of a database; a file is below `folder`. ValueError says what to write, and never what was written:
    it may hold a password.

    Links are followed: SQLite keeps its log beside the file itself.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(_DATABASES) from None
    if url.drivername in ("postgresql", "postgresql+psycopg") and url.database:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite" or not url.database or url.database == ":memory:":
        raise ValueError(_DATABASES)
    return url.set(database=realpath(folder / url.database))


def _remote(text: str, folder: Path) -> str:
    return text if _ELSEWHERE.match(text) else str(folder / text)


def _branch(text: str) -> str:
    if not _BRANCH.fullmatch(text):
        raise ValueError(f"{text!r} cannot be the name of a branch")
    return text


def _secret_key(text: str) -> bytes:
    if len(text) < _SECRET_LEAST:
        raise ValueError(f"too short: take at least {_SECRET_LEAST} random characters")
    return text.encode()


def _origins(text: str) -> Iterator[str]:
    for origin in re.split(r"[\s,]+", text.strip()):
        if not _ORIGIN.fullmatch(origin.lower()):
            raise ValueError(f"{origin!r} is not an origin: write https://survei.example.go.id, without a path")
        yield origin.lower()


def _networks(text: str) -> Iterator[Network]:
    for network in re.split(r"[\s,]+", text.strip()):
        try:
            found = ip_network(network)
        except ValueError as error:
            raise ValueError(f"{network!r} is not an address: write 127.0.0.1 or 10.0.0.0/8") from error
        if not found.prefixlen:
            raise ValueError(f"{network!r} is everybody, who could then say who he is: name your own proxies only")
        yield found


def _builder(text: str) -> Builder:
    if text not in list(Builder):
        raise ValueError(f"{text!r} is none of {', '.join(Builder)}")
    return Builder(text)


def _on_or_off(text: str) -> bool:
    if text not in ("on", "off"):
        raise ValueError(f"{text!r} is neither on nor off")
    return text == "on"
