"""Brings a database to the tables of this version; run by the program itself, never by hand."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from form_backend.store.database import POSTGRESQL, UnfitDatabase, for_writing

if TYPE_CHECKING:  # a fifth of a second, and needed where tables are not those of this version
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_VERSIONS = Path(__file__).parent / "versions"
_LOCK = 0x53_4B_4D_01  # of all advisory locks in a database this is ours: "SKM" and a number
# What is right for one answer is too short for a change of all; and these go with the transaction.
_PATIENTLY = (
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"
)


class NewerSchema(UnfitDatabase):
    """The tables are those of a newer version of this program."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the database has tables of version {found}, this program knows them up to {known}: "
            "install the newer version of SuKMa-e again"
        )
        self.found, self.known = found, known


class WrongEncoding(UnfitDatabase):
    """A database of PostgreSQL that cannot hold every text."""

    def __init__(self, encoding: str) -> None:
        super().__init__(f"the database stores texts as {encoding}: create one with ENCODING 'UTF8'")
        self.encoding = encoding


class NotBackedUp(UnfitDatabase):
    """The tables hold answers and are to be changed for good, and nobody has said that there is a backup."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the database holds answers in tables of version {found}, and bringing them to {known} cannot be undone: "
            "make a backup with pg_dump, then run sukma migrate --backed-up"
        )
        self.found, self.known = found, known


def migrate(engine: Engine, target: str = "head") -> tuple[str | None, str]:
    """Apply what is missing, all in one transaction: two processes that start together do not meet half-way.

    Gives the version before (None where there were no tables) and after; NewerSchema, WrongEncoding.
    """
    with for_writing(engine).begin() as connection:
        return upgrade(connection, target)


def upgrade(connection: Connection, target: str = "head") -> tuple[str | None, str]:
    """The same in a transaction that the caller began."""
    if connection.dialect.name == POSTGRESQL:
        connection.exec_driver_sql(_PATIENTLY)
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding != "UTF8":
            raise WrongEncoding(str(encoding))
    from alembic import command

    before, config = revision(connection), _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    return before, str(revision(connection))


def revision(connection: Connection) -> str | None:
    """The version of a database's tables, None where it has none; NewerSchema."""
    from alembic.migration import MigrationContext

    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in revisions():
        raise NewerSchema(found, newest())
    return found


def is_older(engine: Engine) -> bool:
    """True where a database holds the tables of an older version; NewerSchema where it holds those of a newer one."""
    with engine.connect() as connection:
        return revision(connection) not in (None, newest())


def refuse_answers(engine: Engine) -> None:
    """NotBackedUp where a database of an older version holds answers, or what was published of them."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT EXISTS (SELECT 1 FROM answers) OR EXISTS (SELECT 1 FROM blocks)")):
            raise NotBackedUp(str(revision(connection)), newest())


def is_current(engine: Engine) -> bool:
    """True where a database holds the tables of this version."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        held = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return held == [max(file.name for file in _VERSIONS.glob("[0-9]*.py")).partition("_")[0]]


def newest() -> str:
    """The version that this program brings tables to."""
    return str(_scripts().get_current_head())


def revisions() -> list[str]:
    """The versions of tables that this program knows, newest first."""
    return [script.revision for script in _scripts().walk_revisions()]


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
