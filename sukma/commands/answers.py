"""`sukma answers`, `set-aside`, `put-back`, `audit`: which recorded answers count, decided by people."""

import getpass
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from skm.codes import in_lower_case
from skm.errors import SkmError
from skm.integrity import LABELS
from skm.periods import parse_period
from skm.release import REASONS
from sukma.commands.base import Cli, fail, print_json
from sukma.texts import Say
from sukma.wiring import Installation

if TYPE_CHECKING:
    from form_backend.store.aside import Choice, Found, Listed

_ACTOR = re.compile(r"\S[^\x00-\x1f\x7f\ud800-\udfff]{0,78}[^\s\ud800-\udfff]")
_NUMBERS = re.compile(r"([0-9]{1,18})(?:-([0-9]{1,18}))?")


def answers_command(cli: Cli) -> click.Command:
    """What people decide by."""

    @click.command("answers", help=cli.say("answers"))
    @cli.file()
    @_choosing(cli)
    @cli.flag("--aside", "opt_aside")
    @cli.json()
    def answers(file: Path, aside: bool, as_json: bool, **chosen: Any) -> None:
        choice = _choice(cli.say, aside=aside, **chosen)
        if not (choice.receipts or choice.numbers or choice.unit or choice.aside):
            raise click.UsageError(cli.say("choose_listed"))
        with cli.told():
            found = _find(Installation.here(file), choice, cli.say)
        if as_json:
            print_json([asdict(one) for one in found.answers])
            return
        click.echo("\n".join([cli.say("answers_head"), *(_line(one, cli.say) for one in found.answers)]))
        click.echo(cli.say("answers_count", count=len(found.answers)), err=True)

    return answers


def set_aside_command(cli: Cli) -> click.Command:
    """Answers that shall not count."""

    @click.command("set-aside", help=cli.say("set_aside"))
    @cli.file()
    @_choosing(cli)
    @click.option("--reason", type=click.Choice(REASONS), required=True, help=cli.say("opt_reason"))
    @click.option("--actor", required=True, help=cli.say("opt_actor"))
    @cli.flag("--dry-run", "opt_dry_run")
    @cli.json()
    def set_aside(file: Path, reason: str, actor: str, dry_run: bool, as_json: bool, **chosen: Any) -> None:
        _change(cli, file, _choice(cli.say, **chosen), reason, actor, dry_run=dry_run, as_json=as_json)

    return set_aside


def put_back_command(cli: Cli) -> click.Command:
    """Answers that shall count again."""

    @click.command("put-back", help=cli.say("put_back"))
    @cli.file()
    @_choosing(cli)
    @click.option("--actor", required=True, help=cli.say("opt_actor"))
    @cli.flag("--dry-run", "opt_dry_run")
    @cli.json()
    def put_back(file: Path, actor: str, dry_run: bool, as_json: bool, **chosen: Any) -> None:
        _change(cli, file, _choice(cli.say, **chosen), None, actor, dry_run=dry_run, as_json=as_json)

    return put_back


def audit_command(cli: Cli) -> click.Command:
    """What was done."""

    @click.command("audit", help=cli.say("audit"))
    @cli.file()
    @cli.json()
    def audit(file: Path, as_json: bool) -> None:
        with cli.told():
            from form_backend.store.audit import all_entries

            found = [asdict(entry) for entry in all_entries(Installation.here(file).store.engine)]
        if as_json:
            print_json(found)
            return
        for entry in found:
            detail = json.dumps(entry["detail"], ensure_ascii=False)
            click.echo("\t".join([entry["hour"], entry["action"], entry["reason"] or "-", entry["actor"], detail]))

    return audit


def checked_actor(text: str, say: Say) -> str:
    """Who decides, as it was typed."""
    if not _ACTOR.fullmatch(text):
        raise click.UsageError(say("bad_actor"))
    return text


def account() -> str:
    """Whose account of the machine this is, where nobody is named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return f"uid {os.getuid()}"


def refuse_unknown(here: Installation, code: str, say: Say) -> None:
    """End where neither the registry nor any answer has this unit: nothing found would pass for nothing there."""
    from form_backend.store.aside import Choice, find

    registered = code in here.loaded.registry.unit_by_code
    if not registered and not find(here.store.engine, Choice(unit=code)).answers:
        fail(say("no_such_unit", unit=code))


def _choosing(cli: Cli) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    labels = ", ".join(LABELS)
    options = (
        click.option("--receipt", "receipts", multiple=True, help=cli.say("opt_receipt")),
        click.option("--seq", "numbers", multiple=True, help=cli.say("opt_seq")),
        cli.unit("unit", "opt_of_unit"),
        click.option("--period", "period", default=None, help=cli.say("opt_of_period")),
        click.option("--label", "label", default=None, help=cli.say("opt_label", labels=labels)),
    )

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def _choice(
    say: Say,
    receipts: tuple[str, ...],
    numbers: tuple[str, ...],
    unit: str | None,
    period: str | None,
    label: str | None,
    *,
    aside: bool = False,
) -> "Choice":
    from form_backend.store.answers import REPEATED
    from form_backend.store.aside import Choice

    if label is not None and label not in (*LABELS, REPEATED):
        raise click.UsageError(say("bad_label", label=label, known=", ".join((*LABELS, REPEATED))))
    try:
        period = None if period is None else str(parse_period(period))
    except SkmError:
        raise click.UsageError(say("bad_period", text=period)) from None
    spans = tuple(span for text in numbers for part in text.split(",") for span in _spans(part.strip(), say))
    return Choice(tuple(in_lower_case(receipt) for receipt in receipts), spans, unit, period, label, aside)


def _spans(text: str, say: Say) -> Iterator[range]:
    match = _NUMBERS.fullmatch(text)
    if not match or int(match[2] or match[1]) < int(match[1]):
        raise click.UsageError(say("bad_seq", text=text))
    yield range(int(match[1]), int(match[2] or match[1]) + 1)


def _find(here: Installation, choice: "Choice", say: Say) -> "Found":
    from form_backend.store.aside import find

    if choice.unit is not None:
        refuse_unknown(here, choice.unit, say)
    found = find(here.store.engine, choice)
    if found.unknown:
        fail(say("unknown_answers", names=", ".join(found.unknown)))
    return found


def _change(
    cli: Cli, file: Path, choice: "Choice", reason: str | None, actor: str, *, dry_run: bool, as_json: bool
) -> None:
    from form_backend.store.aside import change

    if not (choice.receipts or choice.numbers or (choice.unit and choice.label)):
        raise click.UsageError(cli.say("choose_some"))
    checked_actor(actor, cli.say)
    with cli.told():
        here = Installation.here(file)
        k = here.loaded.registry.site.release.k
        found = _find(here, choice, cli.say).answers
        if dry_run:
            changed = [one for one in found if one.set_aside != reason]
        else:
            seqs = [one.seq for one in found]
            changed = change(here.store.engine, seqs, reason, actor, datetime.now(UTC))
    released = sum(one.released for one in changed)
    counts = {"count": len(changed), "same": len(found) - len(changed)}
    if as_json:
        seqs = [one.seq for one in changed]
        print_json({"changed": seqs, "unchanged": counts["same"], "released": released, "dry_run": dry_run})
    if dry_run:
        click.echo(cli.say("aside_dry"), err=True)
    click.echo(cli.say("aside_done" if reason else "back_done", reason=reason, **counts), err=True)
    if released:
        click.echo(cli.say("aside_released", count=released, k=k), err=True)


def _line(one: "Listed", say: Say) -> str:
    state = say("answers_released" if one.released else "answers_waiting")
    labels = ",".join(one.labels) or "-"
    cells = (str(one.seq), one.unit, one.period, one.day, one.channel, labels, state, one.set_aside or "-")
    return "\t".join(cells)
