"""`sukma simulate` and `sukma demo`: synthetic answers, for practice and demonstrations."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from skm.errors import SkmError
from skm.periods import Period, day_of, parse_period, period_of
from skm.units import Status
from sukma.commands.base import Cli, fail, print_json
from sukma.commands.publishing import run_publish
from sukma.texts import Say
from sukma.wiring import Installation


def simulate_command(cli: Cli) -> click.Command:
    """Synthetic answers through the real intake."""

    @click.command("simulate", help=cli.say("simulate"))
    @cli.file()
    @click.option("--answers", type=click.IntRange(min=1), required=True, help=cli.say("opt_answers"))
    @click.option("--seed", type=int, default=0, show_default=True, help=cli.say("opt_seed"))
    @cli.unit("code", "opt_unit")
    @click.option("--period", "period_text", default=None, help=cli.say("opt_period"))
    @cli.json()
    def simulate(file: Path, answers: int, seed: int, code: str | None, period_text: str | None, as_json: bool) -> None:
        asked = _period(period_text, cli.say)
        with cli.told():
            here = Installation.here(file)
            count, period = _run_simulate(here, cli.say, answers, seed, code, asked)
            if as_json:
                print_json({"recorded": count, "period": period})
            click.echo(cli.say("simulated", count=count, period=period), err=True)

    return simulate


def _period(text: str | None, say: Say) -> Period | None:
    try:
        return None if text is None else parse_period(text)
    except SkmError:
        raise click.UsageError(say("bad_period", text=text)) from None


def _run_simulate(
    here: Installation, say: Say, answers: int, seed: int, code: str | None, asked: Period | None
) -> tuple[int, str]:
    from form_backend.store.releases import ReleaseStore
    from sukma.simulate import simulate

    registry, now = here.loaded.registry, datetime.now(UTC)
    today = day_of(now, ZoneInfo(registry.site.timezone))
    releases = ReleaseStore(here.store.engine)
    year = (asked.first_day if asked else today).year
    _, kind = releases.terms().get(year, (registry.site.release.k, registry.site.period))
    period = asked or period_of(today, kind)
    if period.kind is not kind:
        fail(say("wrong_period", period=period, kind=kind))
    if period.first_day > today:
        fail(say("future_period", period=period))
    units = [unit for unit in registry.units if unit.status is Status.ACTIVE and code in (None, unit.code)]
    if not units:
        fail(say("unknown_unit", unit=code) if code else say("no_unit"))
    if here.store.holds_real_answers():
        fail(say("real_answers"))
    final = releases.closed_units(period)
    if already := sorted(unit.code for unit in units if unit.code in final):
        fail(say("final_period", period=period, unit=", ".join(already)))
    return simulate(here.intake(now), units, registry.site, period, answers, seed, now), str(period)


def demo_command(cli: Cli) -> click.Command:
    """A demonstration in a throw-away folder."""

    @click.command("demo", help=cli.say("demo"))
    @cli.file()
    @click.option("--host", default="127.0.0.1", show_default=True, help=cli.say("opt_host"))
    @click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=cli.say("opt_port"))
    def demo(file: Path, host: str, port: int) -> None:
        from sukma.demo import demo_folder, four_quarters

        with cli.told():
            url = Installation.here(file).loaded.registry.site.url
            with demo_folder(file, url, f"http://{host}:{port}") as folder:
                click.echo(cli.say("demo_folder", folder=folder), err=True)
                here = Installation.here(Path("units.yaml"))
                today = day_of(datetime.now(UTC), ZoneInfo(here.loaded.registry.site.timezone))
                for period, answers in four_quarters(today, here.loaded.registry):
                    click.echo(cli.say("demo_seeding", count=answers), err=True)
                    _run_simulate(here, cli.say, answers, 0, None, period)
                run_publish(here, today, dry_run=False, build=True)
                here.store.close()
                from sukma.serve import serve_all

                sys.exit(serve_all(Path("units.yaml"), None, host, port, cli.lang))

    return demo
