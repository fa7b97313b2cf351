"""`sukma migrate`: the tables brought up to date, or everything copied into PostgreSQL."""

from pathlib import Path

import click
from sqlalchemy.engine import URL

from form_backend.settings import read_database_url
from form_backend.store.database import place
from sukma.commands.base import Cli, print_json
from sukma.texts import Say
from sukma.wiring import Installation


def migrate_command(cli: Cli) -> click.Command:
    """Tables of this version, or the same answers on another engine."""

    @click.command("migrate", help=cli.say("migrate"))
    @cli.file()
    @click.option("--to", "to", default=None, help=cli.say("opt_to"))
    @cli.flag("--backed-up", "opt_backed_up")
    @cli.json()
    def migrate(file: Path, to: str | None, backed_up: bool, as_json: bool) -> None:
        target = None if to is None else _target(to, cli.say)
        with cli.told():
            here = Installation.here(file)
            report = _migrate(here, cli.say, backed_up) if target is None else _copy(here, target, cli.say)
            if as_json:
                print_json(report)

    return migrate


def _target(text: str, say: Say) -> URL:
    try:
        url = read_database_url(text, Path())
    except ValueError:
        raise click.UsageError(say("bad_target")) from None
    if url.get_backend_name() != "postgresql":
        raise click.UsageError(say("bad_target"))
    return url


def _migrate(here: Installation, say: Say, backed_up: bool) -> dict[str, object]:
    before, after = here.migrate(backed_up=backed_up)
    click.echo(say("migrated" if before != after else "up_to_date", before=before or "-", after=after), err=True)
    return {"before": before, "after": after}


def _copy(here: Installation, target: URL, say: Say) -> dict[str, object]:
    def tell(table: str, rows: int) -> None:
        click.echo(say("copied_table", table=table, rows=rows), err=True)

    copied = here.copy_to(target, tell)
    click.echo(say("copied", database=place(target), answers=copied["answers"]), err=True)
    return {"copied": copied}
