"""`sukma plan`: what an edit changes before it is made."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sukma.commands.base import Cli, print_json
from sukma.texts import Say
from sukma.wiring import Installation

if TYPE_CHECKING:
    from generator.edit import Edit, Entries, Parts

_LINES = 20  # of each part of a report for people; --json has all of it


def plan_command(cli: Cli) -> click.Command:
    """Pages, posters, redirects, series, and posters that hang."""

    @click.command("plan", help=cli.say("plan"))
    @cli.file()
    @cli.folder()
    @click.option("--against", default=None, help=cli.say("opt_against"))
    @cli.json()
    def plan(file: Path, link: Path | None, against: str | None, as_json: bool) -> None:
        with cli.told():
            from sukma.planning import plan_edit

            name, found = plan_edit(Installation.here(file, link), against)
        if as_json:
            print_json({"against": name, **asdict(found)})
        else:
            click.echo("\n".join(_report(found, cli.say)))
        _end(found, cli.say)

    return plan


def _end(found: "Edit", say: Say) -> None:
    if not found.orphans:
        return
    for one in found.orphans:
        if one.now:
            click.echo(say("plan_code_changed", unit=one.unit, name=one.name, now=one.now), err=True)
    click.echo(say("plan_orphans", count=len(found.orphans)), err=True)
    sys.exit(1)


def _report(found: "Edit", say: Say) -> Iterator[str]:
    if found.is_nothing:
        yield say("plan_nothing")
        return
    if found.site:
        yield say("plan_site", keys=", ".join(found.site))
    for key, entries in (("plan_organisations", found.organisations), ("plan_units", found.units)):
        yield from _part(say, key, entries, [f"{one.id} ({', '.join(one.keys)})" for one in entries.changed])
    yield from _part(say, "plan_words", found.words, found.words.changed)
    yield from _part(say, "plan_pages", found.pages, found.pages.changed, _folders)
    closed = say("plan_closed_page")
    yield from _list(
        say,
        "plan_posters",
        [
            say("plan_poster", unit=p.unit, name=p.name, because=", ".join(say(f"plan_because_{b}") for b in p.because))
            for p in found.posters
        ],
    )
    yield from _list(say, "plan_hanging", [say(f"plan_hanging_{one.page}", **asdict(one)) for one in found.hanging])
    redirects = [{"unit": r.unit, "before": r.before or closed, "after": r.after or closed} for r in found.redirects]
    yield from _list(say, "plan_redirects", [say("plan_redirect", **one) for one in redirects])
    yield from _list(say, "plan_series", [say("plan_one_series", **asdict(one)) for one in found.series])


def _part(
    say: Say,
    key: str,
    parts: "Parts | Entries",
    changed: Sequence[str],
    short: Callable[[Say, Sequence[str]], Iterable[str]] | None = None,
) -> Iterator[str]:
    """A line with the three numbers, then the names, as a diff marks them; `short` tells many names in fewer words."""
    three = (parts.made, changed, parts.removed)
    made, differ, removed = map(len, three)
    if made or differ or removed:
        yield say(key, made=made, changed=differ, removed=removed)
        many = short is not None and made + differ + removed > _LINES
        told = [short(say, names) for names in three] if short and many else three
        yield from _first([f"  {mark} {name}" for mark, names in zip("+~-", told, strict=True) for name in names], say)
        if many:
            yield "  " + say("plan_every_page")


def _folders(say: Say, addresses: Sequence[str]) -> Iterator[str]:
    """Sorted addresses by their first folder."""
    for folder, some in groupby(addresses, lambda address: address[: address.find("/", 1) + 1] or address):
        first, *others = some
        yield say("plan_folder", folder=folder, count=1 + len(others)) if others else first


def _list(say: Say, key: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield say(key, count=len(lines))
        yield from _first(lines, say)


def _first(lines: Sequence[str], say: Say) -> Iterator[str]:
    yield from lines[:_LINES]
    if len(lines) > _LINES:
        yield "  " + say("and_more", count=len(lines) - _LINES)
