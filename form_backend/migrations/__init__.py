"""Brings a database to the tables of this version; run by the program itself, never by hand."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from form_backend.database import for_writing


def migrate(engine: Engine) -> None:
    """Apply what is missing, all in one transaction: two processes that start together do not meet half-way."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with for_writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
