"""Brings a database to the tables of this version; run by the program itself, never by hand."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from form_backend.database import for_writing


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
