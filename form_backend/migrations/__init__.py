"""Brings a database to the tables of this version; run by the program itself, never by hand."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from form_backend.database import for_writing


class NewerDatabase(Exception):
    """The tables were made by a newer version of this program; forward is the only way there is."""

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database is of the newer schema {revision}: install the version that made it")
        self.revision = revision


def is_older(engine: Engine) -> bool:
    """True where a database holds the tables of an older version; NewerDatabase where it holds those of a newer one."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    known = revisions()
    if current is not None and current not in known:
        raise NewerDatabase(current)
    return current is not None and current != known[0]


def migrate(engine: Engine, to: str = "head") -> None:
    """Apply what is missing, all in one transaction: two processes that start together do not meet half-way."""
    config = _config()
    with for_writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def revisions() -> list[str]:
    """The revisions of the tables that this version knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
