"""`sukma index` and `sukma sample-size`: the regulation's arithmetic for tables and numbers from anywhere."""

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click

from generator.i18n import number
from generator.instruments import shipped
from skm.errors import SkmError
from skm.index import Convention, round_half_up
from skm.instrument import Instrument
from skm.processing_table import ProcessingTable, TableProblems, read_table
from skm.sample import formula, sample_size, table_row
from skm.table_header import Names, Problem, recognised
from skm.units import Site
from sukma.annex import lines, recompute, to_mapping
from sukma.commands.base import Cli, fail, print_json
from sukma.tables import Sheet, TableFileError, letters, open_table, shown
from sukma.texts import Say

_PEOPLE = re.compile(r"[0-9]{1,12}|[0-9]{1,3}(?:\.[0-9]{3}){1,3}")  # 4384 or, as Indonesians write it, 4.384
_CONVENTIONS = [one.value for one in Convention]
REGISTRY = Path("units.yaml")
_RANGES = 8  # of left-out lines that a sentence names


def index_command(cli: Cli) -> click.Command:
    """Recompute a processing table."""

    @click.command("index", help=cli.say("index"))
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--instrument", "name", default=Site.instrument, show_default=True, help=cli.say("opt_instrument"))
    @click.option(
        "--convention", type=click.Choice(_CONVENTIONS), default=_CONVENTIONS[0], help=cli.say("opt_convention")
    )
    @click.option("--map", "renamed", default="", metavar="U8=sarana,…", help=cli.say("opt_map"))
    @click.option("--population", default=None, metavar="N", help=cli.say("opt_population"))
    @cli.json()
    def index(file: Path, name: str, convention: str, renamed: str, population: str | None, as_json: bool) -> None:
        form = _instrument(name, cli)
        names = _names(form, renamed, cli.say)
        users = None if population is None else _people(population, cli.say)
        with cli.told():
            table = _read(file, form, names, cli.say)
        answered = sum(1 for people in table.respondents.values() if people)
        if convention != Convention.EXACT and answered != 9:
            raise click.UsageError(cli.say("bad_convention", convention=convention, unsur=answered))
        people = sum(table.profiles.values())
        if users is not None and users < people:
            fail(cli.say("table_population", file=file, n=people, users=users))
        with cli.told():
            annex = recompute(table, Convention(convention), users)
        if as_json:
            print_json({"file": str(file), **to_mapping(annex)})
        else:
            click.echo("\n".join(lines(annex, cli.lang, cli.say)))

    return index


def _instrument(name: str, cli: Cli) -> Instrument:
    """A shipped instrument, or one of the installation in the current folder."""
    known = shipped()
    if name not in known.ids() and REGISTRY.exists():
        with cli.told():
            from generator.registry import read_registry

            known = read_registry(REGISTRY).registry.instruments
    if name not in known.ids():
        raise click.UsageError(cli.say("bad_instrument", name=name, known=", ".join(known.ids())))
    return known.newest(name)


def _names(form: Instrument, text: str, say: Say) -> Names:
    """The map of `--map U8=sarana,U9=pengaduan`, by header."""
    pairs = [pair.split("=") for pair in text.split(",")] if text.strip() else []
    if any(len(pair) != 2 or not all(part.strip() for part in pair) for pair in pairs):
        raise click.UsageError(say("bad_map", text=text))
    renamed = {header.strip(): name.strip() for header, name in pairs}
    if len({header.casefold() for header in renamed}) < len(pairs):
        raise click.UsageError(say("bad_map", text=text))
    try:
        return Names(form, renamed)
    except SkmError:
        unsur = ", ".join(unsur.key for unsur in form.unsur)
        raise click.UsageError(say("bad_map_name", text=text, unsur=unsur)) from None


def _people(text: str, say: Say) -> int:
    if not _PEOPLE.fullmatch(text) or not int(text.replace(".", "")):
        raise click.UsageError(say("bad_people", text=text))
    return int(text.replace(".", ""))


def _read(file: Path, form: Instrument, names: Names, say: Say) -> ProcessingTable:
    """The table, after telling what of the file is not in it; ends the command where something is wrong."""
    try:
        with open_table(file, lambda rows: recognised(rows, names)) as sheet:
            _tell_sheet(sheet, say)
            table = read_table(sheet.rows, form, names, ragged=sheet.ragged)
    except TableFileError as error:
        fail(say(error.key, file=file, **{name: shown(str(value)) for name, value in error.values.items()}))
    except TableProblems as error:
        rest = error.total - len(error.problems)
        fail(
            *(_located(file, problem, say) for problem in error.problems),
            *([say("table_more", count=rest)] if rest else []),
            say("problems", count=error.total),
        )
    _tell_left_out(table, form, say)
    return table


def _located(file: Path, problem: Problem, say: Say) -> str:
    place = [str(file), *([str(problem.row)] if problem.row else [])]
    if problem.column is not None:
        place.append(letters(problem.column))
    said = say(f"table_{problem.fault.value}", text=shown(problem.text), other=shown(problem.other))
    return f"{':'.join(place)}: {said}"


def _tell_sheet(sheet: Sheet, say: Say) -> None:
    if sheet.name:
        click.echo(say("table_sheet", name=shown(sheet.name)), err=True)
    if sheet.unread:
        click.echo(say("table_unread", names=shown(", ".join(sheet.unread))), err=True)


def _tell_left_out(table: ProcessingTable, form: Instrument, say: Say) -> None:
    for kind, rows in table.left_out.items():
        click.echo(say(f"table_left_{kind.value}", count=len(rows), rows=_ranges(rows)), err=True)
    if table.ignored:
        columns = ", ".join(
            f"{letters(place)} «{shown(name)}»" if name else letters(place) for place, name in table.ignored
        )
        click.echo(say("table_ignored", columns=columns), err=True)
    people = table.respondents
    if absent := [f"{unsur.rule} {unsur.key}" for unsur in form.unsur if not people.get(unsur.key)]:
        count = len(form.unsur) - len(absent)
        click.echo(say("table_absent", unsur=", ".join(absent), count=count), err=True)


def _ranges(rows: Sequence[int]) -> str:
    """`2–5, 9`; the first few of many."""
    found = [_range([row for _, row in run]) for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0])]
    return ", ".join(found[:_RANGES]) + (", …" if len(found) > _RANGES else "")


def _range(run: Sequence[int]) -> str:
    return str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"


def sample_size_command(cli: Cli) -> click.Command:
    """Required respondents by formula and by the printed table."""

    @click.command("sample-size", help=cli.say("sample_size"))
    @click.argument("users", metavar="N")
    @cli.json()
    def sample(users: str, as_json: bool) -> None:
        count = _people(users, cli.say)
        exact, (row, row_size) = round_half_up(formula(count), 4), table_row(count)
        if as_json:
            row_mapping = {"users": row, "required": row_size}
            print_json({"users": count, "required": sample_size(count), "formula": str(exact), "table": row_mapping})
            return
        counts = {"users": count, "required": sample_size(count), "row": row, "row_size": row_size}
        shown = {name: number(value, cli.lang) for name, value in counts.items()}
        click.echo(cli.say("sampled", formula=number(exact, cli.lang), **shown))

    return sample
