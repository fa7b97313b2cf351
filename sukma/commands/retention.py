"""`sukma retention`: answers that have been kept long enough are reduced to what was counted of them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from skm.periods import day_of
from sukma.commands.answers import checked_actor
from sukma.commands.base import Cli, fail, print_json
from sukma.wiring import Installation

if TYPE_CHECKING:
    from form_backend.store.retention import Due


def retention_command(cli: Cli) -> click.Command:
    """Disposal, with the number of its report."""

    @click.command("retention", help=cli.say("retention"))
    @cli.file()
    @click.option("--report-number", "report", default=None, help=cli.say("opt_report_number"))
    @click.option("--actor", default=None, help=cli.say("opt_actor"))
    @cli.flag("--dry-run", "opt_dry_run")
    @cli.json()
    def retention(file: Path, report: str | None, actor: str | None, dry_run: bool, as_json: bool) -> None:
        if not dry_run and not (report and report.strip() and actor):
            raise click.UsageError(cli.say("retention_report"))
        with cli.told():
            from form_backend.store.condition import facts
            from form_backend.store.retention import dispose, due

            here, now = Installation.here(file), datetime.now(UTC)
            site, engine = here.loaded.registry.site, here.store.engine
            if site.retention is None:
                fail(cli.say("retention_unset"))
            if facts(engine).waiting:
                fail(cli.say("retention_pending"))
            today = day_of(now, ZoneInfo(site.timezone))
            if dry_run or report is None or actor is None:
                found = due(engine, site.retention, today)
            else:
                found = dispose(engine, site.retention, today, report, checked_actor(actor, cli.say), now)
        rows = _by_year(found)
        if as_json:
            print_json({"schedule": site.retention.schedule, "dry_run": dry_run, "due": rows})
        for row in rows:
            click.echo(cli.say("retention_row", **row), err=True)
        if not rows:
            click.echo(cli.say("retention_none"), err=True)
        elif dry_run:
            click.echo(cli.say("aside_dry"), err=True)
        else:
            click.echo(cli.say("retention_done", schedule=site.retention.schedule, report=report), err=True)

    return retention


def _by_year(found: "Sequence[Due]") -> list[dict[str, Any]]:
    rows = []
    for year, group in groupby(found, key=lambda one: one.year):
        units = list(group)
        sums = {"answers": sum(one.answers for one in units), "texts": sum(one.texts for one in units)}
        rows.append({"year": year, "units": len(units), **sums})
    return rows
