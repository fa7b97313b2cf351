"""`sukma publish`: one publishing run, or a loop of them."""

import gc
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from form_backend.last_failure import failure_noted
from skm.periods import day_of
from sukma.commands.base import Cli, fail, print_json
from sukma.repeat import LONGEST, interval, repeat
from sukma.texts import Say
from sukma.wiring import Installation

_LINES = 20  # of a report for people; --json has all of it


def publish_command(cli: Cli) -> click.Command:
    """Release, commit, push, build."""

    @click.command("publish", help=cli.say("publish"))
    @cli.file()
    @cli.folder()
    @cli.flag("--dry-run", "opt_dry_run")
    @click.option("--every", default=None, help=cli.say("opt_every"))
    @cli.flag("--no-build", "opt_no_build")
    @click.option("--at", default=None, help=cli.say("opt_at"))
    @cli.json()
    def publish(
        file: Path, link: Path | None, dry_run: bool, every: str | None, no_build: bool, at: str | None, as_json: bool
    ) -> None:
        if every is not None:
            seconds = interval(every)
            if seconds is None:
                raise click.UsageError(cli.say("bad_duration", text=every))
            if seconds > LONGEST:
                raise click.UsageError(cli.say("long_duration", text=every))
            if at is not None:
                raise click.UsageError(cli.say("one_instant"))
            sys.exit(repeat(seconds))
        instant = _instant(at, cli.say)
        with cli.told():
            here = Installation.here(file, link)
            if not dry_run:
                here.store.purge(datetime.now(UTC))  # first: no mistake in the registry may keep exact times longer
            zone = ZoneInfo(here.loaded.registry.site.timezone)
            if at is not None and here.store.holds_real_answers():
                fail(cli.say("real_answers"))
            if instant.tzinfo is None:
                instant = instant.replace(tzinfo=zone)
            today = day_of(instant, zone)
            with nullcontext() if dry_run else failure_noted(here.publish_failure, cli.sentence):
                report = run_publish(here, today, dry_run=dry_run, build=not no_build)
            if as_json:
                print_json(report)
            _tell(report, cli.say)
            here.store.close()
        gc.freeze()  # at its end Python would go through all of a province once more

    return publish


def _instant(text: str | None, say: Say) -> datetime:
    """The clock of the run; without an offset it is the installation's local time (a day alone: its noon)."""
    if text is None:
        return datetime.now(UTC)
    try:
        return datetime.combine(date.fromisoformat(text), time(12)) if len(text) <= 10 else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise click.UsageError(say("bad_instant", text=text)) from None


def run_publish(here: Installation, today: date, *, dry_run: bool, build: bool) -> dict[str, Any]:
    """One run while no other publisher works; its report."""
    from form_backend.store.marks import PUBLISHED, mark
    from generator.build import make_ready

    building = build and not dry_run
    ready = partial(make_ready, here.settings.site_dir, here.loaded.registry) if building else lambda: None
    with here.publishing(ready) as publisher:
        if not dry_run:
            here.label_answers()  # people who set aside go by labels, so these come before the release
        report = publisher.run(today, dry_run=dry_run)
        if not dry_run:
            mark(here.store.engine, PUBLISHED, datetime.now(UTC))
        if building:
            here.build()
            report.built = True
    # Not `asdict`, which copies every value: half of a province may be waiting.
    return vars(report) | {"released": list(map(vars, report.released)), "held": list(map(vars, report.held))}


def _tell(report: dict[str, Any], say: Say) -> None:
    lines = [say("released", **entry) for entry in report["released"]]
    lines += [say(f"held_{entry['reason']}", **entry) for entry in report["held"]]
    for line in lines[:_LINES]:
        click.echo(line, err=True)
    if len(lines) > _LINES:
        click.echo(say("and_more", count=len(lines) - _LINES), err=True)
    if report["commit"]:
        click.echo(say("committed", commit=report["commit"]), err=True)
    elif not report["released"]:
        click.echo(say("nothing"), err=True)
