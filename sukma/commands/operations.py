"""`sukma backup`, `restore` and `drill`: what a machine that breaks is started again from."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sukma.commands.base import Cli, fail, print_json
from sukma.processes import leave_on_sigterm
from sukma.texts import Say
from sukma.wiring import Installation

if TYPE_CHECKING:
    from form_backend.backups import Manifest


def backup_command(cli: Cli) -> click.Command:
    """One folder with everything."""

    @click.command("backup", help=cli.say("backup"))
    @cli.file()
    @click.option("-o", "place", type=click.Path(path_type=Path), default=None, help=cli.say("opt_backups"))
    @click.option("--keep", type=click.IntRange(min=1), default=None, help=cli.say("opt_keep"))
    @cli.json()
    def backup(file: Path, place: Path | None, keep: int | None, as_json: bool) -> None:
        with cli.told():
            from form_backend.backups import make_backup, prune
            from form_backend.store.marks import BACKED_UP, mark

            leave_on_sigterm()
            here, now = Installation.here(file), datetime.now(UTC)
            place = place or here.backups
            if place.exists() and not place.is_dir():
                fail(cli.say("backup_no_folder", place=place))
            engine = here.store.engine
            folder, manifest = make_backup(engine, place, here.all_words(), here.repository.save_remote, now)
            answers, size = manifest.contents.counts["answers"], sum(one.bytes for one in manifest.files.values())
            click.echo(cli.say("backed_up", folder=folder, answers=answers, bytes=size), err=True)
            old = prune(place, keep) if keep else []  # before the mark, which a full disk refuses
            mark(engine, BACKED_UP, now)
        if as_json:
            print_json({"folder": str(folder), **asdict(manifest), "deleted": [str(path) for path in old]})
        if old:
            click.echo(cli.say("backup_pruned", count=len(old)), err=True)

    return backup


def restore_command(cli: Cli) -> click.Command:
    """A backup takes the database's place."""

    @click.command("restore", help=cli.say("restore"))
    @click.argument("folder", type=click.Path(path_type=Path))
    @cli.file()
    @cli.flag("--yes", "opt_yes")
    @cli.json()
    def restore(folder: Path, file: Path, yes: bool, as_json: bool) -> None:
        with cli.told():
            from form_backend.backups import BackupError, read_backup, restore_database
            from form_backend.publish import only_publisher
            from form_backend.store.forgetting import remembers

            here, manifest = Installation.at(file), read_backup(folder)
            url = here.settings.database_url
            if url.get_backend_name() != "sqlite":
                raise BackupError("backup_postgresql")
            database = Path(url.database or "")
            if database.exists() and not database.is_file():
                raise BackupError("restore_no_file", database=database)
            if database.exists() and not yes:
                _ask(database, manifest, cli.say)
            with only_publisher(here.publisher_lock):
                aside = restore_database(folder, manifest, database, datetime.now(UTC))
            exact = aside is not None and remembers(aside)
            put, differ = _restore_words(folder, manifest, here)
            made_remote = _restore_remote(folder, manifest, here)
        said = {"answers": manifest.contents.counts["answers"], "made": manifest.made}
        if as_json:
            print_json(said | {"replaced": str(aside) if aside else None, "exact": exact, "put": put, "differ": differ})
        click.echo(cli.say("restored", **said), err=True)
        if aside:
            click.echo(cli.say("restore_kept_exact" if exact else "restore_kept", aside=aside), err=True)
        if put or differ:
            click.echo(cli.say("restore_words", put=", ".join(put) or "–", differ=", ".join(differ) or "–"), err=True)
        if made_remote:
            click.echo(cli.say("restore_remote"), err=True)

    return restore


def _ask(database: Path, manifest: "Manifest", say: Say) -> None:
    from form_backend.store.snapshot import contents_of

    try:
        now = str(contents_of(database).counts.get("answers", 0))
    except sqlite3.DatabaseError:
        now = "?"  # broken: why else would one restore
    asked = say("restore_ask", now=now, made=manifest.made, answers=manifest.contents.counts["answers"])
    try:
        if click.confirm(asked, err=True):
            return
    except click.Abort:  # nobody there to be asked
        click.echo(err=True)
    fail(say("restore_refused"))


def _restore_words(folder: Path, manifest: "Manifest", here: Installation) -> tuple[list[str], list[str]]:
    """What is missing of registry and words is put back; what is there is somebody's newer work, and stays."""
    from form_backend.backups import words_of

    put, differ = [], []
    places: Mapping[str, Path] = {"units.yaml": here.registry_file}
    for path, content in words_of(folder, manifest).items():
        place = places.get(path, here.settings.folder / path)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            put.append(path)
        elif place.read_bytes() != content:
            differ.append(path)
    return put, differ


def _restore_remote(folder: Path, manifest: "Manifest", here: Installation) -> bool:
    from form_backend.backups import BUNDLE

    return BUNDLE in manifest.files and here.repository.load_remote(folder / BUNDLE)


def drill_command(cli: Cli) -> click.Command:
    """Practice for the day it is needed."""

    @click.command("drill", help=cli.say("drill"))
    @click.argument("name", type=click.Choice(["restore"]))
    @cli.file()
    @cli.json()
    def drill(name: str, file: Path, as_json: bool) -> None:
        with cli.told():
            from sukma.drill import drill_restore

            leave_on_sigterm()
            found = drill_restore(Installation.here(file), datetime.now(UTC))
        if as_json:
            print_json({"drill": name, **asdict(found)})
        if not found.ok:
            fail(cli.say("drill_bad"))
        seconds = {"backup": found.backup_seconds, "restore": found.restore_seconds}
        click.echo(cli.say("drill_good", answers=found.answers, tallies=found.tallies, **seconds), err=True)

    return drill
