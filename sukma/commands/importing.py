"""`sukma import`: paper forms that were typed into a table become answers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from skm.periods import day_of, period_of
from sukma.commands.answers import account, checked_actor
from sukma.commands.base import Cli, fail, print_json
from sukma.tables import TableFileError, letters, on_one_line, open_table, shown
from sukma.texts import Say
from sukma.wiring import Installation

if TYPE_CHECKING:
    from form_backend.intake import Intake
    from sukma.paper import CellFault, Typed

_TOLD = 50  # faults; the others are counted


def import_command(cli: Cli) -> click.Command:
    """All rows or none."""

    @click.command("import", help=cli.say("import"))
    @click.argument("table", metavar="FILE", type=click.Path(path_type=Path))
    @cli.file()
    @click.option("--channel", type=click.Choice(["kertas"]), expose_value=False, help=cli.say("opt_channel"))
    @click.option("--batch", default=None, help=cli.say("opt_batch"))
    @click.option("--actor", default=None, help=cli.say("opt_actor_import"))
    @cli.flag("--dry-run", "opt_dry_run")
    @cli.json()
    def import_forms(
        table: Path, file: Path, batch: str | None, actor: str | None, dry_run: bool, as_json: bool
    ) -> None:
        who = checked_actor(actor, cli.say) if actor else account()
        with cli.told():
            here, now = Installation.here(file), datetime.now(UTC)
            today = day_of(now, ZoneInfo(here.loaded.registry.site.timezone))
            intake, name = here.intake(now), on_one_line(batch or table.name)
            forms = _read(table, intake, today, name, cli.say)
            known = _known(forms, here, table, name, cli.say, is_named=bool(batch))
            if not dry_run:
                known = _record(intake, forms, table, name, who, now, cli.say)
            late = _late(forms, here, today)
        counts = {"forms": len(forms), "recorded": len(forms) - len(known), "known": len(known)}
        if as_json:
            more = {"known_rows": known, "counted_today": late, "dry_run": dry_run}
            print_json({"file": str(table), "batch": name, **counts, **more})
        click.echo(cli.say("import_dry" if dry_run else "imported", file=table, **counts), err=True)
        if 0 < len(known) < len(forms):
            said = "import_known_dry" if dry_run else "import_known"
            click.echo(cli.say(said, rows=_spans(known), batch=name), err=True)
        if late:
            click.echo(cli.say("import_today", count=late), err=True)

    return import_forms


def _read(table: Path, intake: "Intake", today: date, batch: str, say: Say) -> "list[Typed]":
    from sukma.paper import PaperProblems, columns, read_forms, recognised

    known = columns(intake.registry())
    try:
        with open_table(table, lambda rows: recognised(rows, known)) as sheet:
            if sheet.unread:  # forms on them would be missing without a word
                fail(say("paper_sheets", file=table, names=shown(", ".join(sheet.unread))))
            return read_forms(sheet.rows, intake, today, batch, ragged=sheet.ragged)
    except TableFileError as error:
        key = "paper_no_sheet" if error.key == "table_no_sheet" else error.key
        fail(say(key, file=table, **{name: shown(str(value)) for name, value in error.values.items()}))
    except PaperProblems as error:
        rest = len(error.faults) - _TOLD
        fail(
            *(_located(table, fault, say) for fault in error.faults[:_TOLD]),
            *([say("paper_more", count=rest)] if rest > 0 else []),
            say("problems", count=len(error.faults)),
        )


def _known(
    forms: "Sequence[Typed]", here: Installation, table: Path, name: str, say: Say, *, is_named: bool
) -> list[int]:
    """The rows that are recorded. A file that shares some with its pile and lacks others is refused without --batch."""
    from form_backend.store.audit import IMPORT, all_entries
    from sukma.paper import continues, known_rows

    rows = known_rows(forms, here.store.known([one.response.id or "" for one in forms]))
    entries = [one.detail for one in all_entries(here.store.engine) if one.action == IMPORT]
    pile = [detail for detail in entries if detail["batch"] == name]
    if not is_named and not continues(forms, len(rows), pile):
        before = sum(detail["recorded"] for detail in pile)
        fail(say("import_unclear", file=table, batch=name, before=before, known=len(rows), rows=_spans(rows)))
    return rows


def _spans(rows: "Sequence[int]") -> str:
    """Row numbers for people: 2-4, 7."""
    every = set(rows)
    starts, ends = ([row for row in rows if row + step not in every] for step in (-1, 1))
    told = [str(one) if one == last else f"{one}-{last}" for one, last in zip(starts, ends, strict=True)]
    return ", ".join([*told[:_TOLD], *(["…"] if len(told) > _TOLD else [])])


def _record(
    intake: "Intake",
    forms: "Sequence[Typed]",
    table: Path,
    batch: str,
    who: str,
    now: datetime,
    say: Say,
) -> list[int]:
    """Record them and write it down; the rows that were recorded before. Another name for equal content is a slip."""
    from form_backend.store.piles import AlreadyImported
    from sukma.paper import record

    try:
        return record(intake, forms, batch, who, now)
    except AlreadyImported as error:
        was = error.entry
        fail(say("import_again", file=table, batch=shown(was.detail["batch"]), day=was.hour[:10]))


def _late(forms: "Sequence[Typed]", here: Installation, today: date) -> int:
    """How many forms name a day whose period is closed."""
    from form_backend.store.releases import ReleaseStore

    site, terms = here.loaded.registry.site, ReleaseStore(here.store.engine).terms()
    days = [one.response.hari for one in forms if one.response.hari]
    kinds = {day.year: terms[day.year][1] if day.year in terms else site.period for day in days}
    return sum(not period_of(day, kinds[day.year]).is_open(today, site.release.grace) for day in days)


def _located(table: Path, fault: "CellFault", say: Say) -> str:
    place = [str(table), str(fault.row), *([letters(fault.column)] if fault.column is not None else [])]
    return f"{':'.join(place)}: {say(fault.key, **{name: _short(name, text) for name, text in fault.values.items()})}"


def _short(name: str, text: str) -> str:
    return text if name in ("known", "allowed") else shown(text)
