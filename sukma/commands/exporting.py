"""`sukma export`: answers for the operator, in no order, and written down that they were taken out."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from skm.errors import SkmError
from skm.periods import parse_period
from sukma.commands.answers import account, checked_actor, refuse_unknown
from sukma.commands.base import Cli, fail
from sukma.tables import TableFileError
from sukma.texts import Say
from sukma.wiring import Installation


def export_command(cli: Cli) -> click.Command:
    """Raw answers, for who may see them."""

    @click.command("export", help=cli.say("export"))
    @cli.file()
    @cli.unit("code", "opt_of_unit")
    @click.option("--org", "organisation", default=None, help=cli.say("opt_org"))
    @click.option("--period", "period", default=None, help=cli.say("opt_of_period"))
    @click.option(
        "--format", "kind", type=click.Choice(["csv", "json", "xlsx"]), default="csv", help=cli.say("opt_format")
    )
    @click.option(
        "-o", "target", type=click.Path(path_type=Path, allow_dash=True), required=True, help=cli.say("opt_to")
    )
    @click.option("--actor", default=None, help=cli.say("opt_actor"))
    def export(
        file: Path,
        code: str | None,
        organisation: str | None,
        period: str | None,
        kind: str,
        target: Path,
        actor: str | None,
    ) -> None:
        who = checked_actor(actor, cli.say) if actor else account()
        try:
            period = None if period is None else str(parse_period(period))
        except SkmError:
            raise click.UsageError(cli.say("bad_period", text=period)) from None
        with cli.told():
            here = Installation.here(file)
            _refuse_place(target, here, cli.say)
            units = _units(here, code, organisation, cli)
            try:
                count = _write(here, units, period, kind, target)
            except TableFileError as error:
                fail(cli.say(error.key, file=target))
            _write_down(here, who, {"unit": code, "org": organisation, "period": period, "answers": count})
        click.echo(cli.say("exported", count=count, target=target), err=True)

    return export


def _refuse_place(target: Path, here: Installation, say: Say) -> None:
    """End where the file would take the place of a folder, a link to one, a device or the installation's own."""
    if str(target) == "-":
        return
    if target.exists() and not target.is_file():
        fail(say("export_no_file", target=target))
    if not target.parent.is_dir():
        fail(say("export_no_folder", target=target, folder=target.parent))
    database = here.settings.database_url.database
    own = [here.registry_file, here.settings.secret_file, *([Path(database)] if database else [])]
    if target.exists() and any(path.exists() and path.samefile(target) for path in own):
        fail(say("export_own", target=target))


def _units(here: Installation, code: str | None, organisation: str | None, cli: Cli) -> set[str] | None:
    """The codes that are asked for; None for all, those that the registry no longer has among them."""
    registry = here.loaded.registry
    if code is not None:
        refuse_unknown(here, code, cli.say)
    if organisation is not None and organisation not in registry.organisation_by_id:
        fail(cli.say("export_no_org", org=organisation))
    below = None if organisation is None else {unit.code for unit in registry.units_below(organisation)}
    if code is None:
        return below
    return {code} if below is None else {code} & below


def _write(here: Installation, units: set[str] | None, period: str | None, kind: str, target: Path) -> int:
    from form_backend.store.export import exported, forms_of
    from sukma.export import write_csv, write_json, write_workbook

    engine, instruments = here.store.engine, here.registry_with_kept.instruments
    forms = [instruments.of_versi(versi) for versi in forms_of(engine)]
    items = list(dict.fromkeys(item.key for form in forms for item in form.items()))
    write = {"csv": write_csv, "json": write_json, "xlsx": write_workbook}[kind]
    with _opened(target) as out, exported(engine, units, period) as found:
        return write(found, items, out)


@contextmanager
def _opened(target: Path) -> Iterator[IO[bytes]]:
    """Standard output for `-`, else a file that only its owner can read, whole or not there."""
    if str(target) == "-":
        yield sys.stdout.buffer
        return
    fresh = target.with_name(f".{target.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    try:
        with fresh.open("wb") as out:
            yield out
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def _write_down(here: Installation, who: str, detail: dict[str, object]) -> None:
    from form_backend.store.audit import EXPORT, write_down

    write_down(here.store.engine, datetime.now(UTC), who, EXPORT, detail)
