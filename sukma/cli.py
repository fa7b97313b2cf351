"""The commands: stdout is data, stderr is talk; exit 0 ok, 1 problem found, 2 usage."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from form_backend.settings import SettingsError
from generator.errors import GeneratorError
from generator.registry import RegistryError, schema
from skm.errors import SkmError
from skm.periods import day_of, parse_period, period_of
from skm.units import Status
from sukma.repeat import interval, repeat
from sukma.texts import Say, sayer
from sukma.wiring import Installation

_LINES = 20  # of a report for people; --json has all of it
if TYPE_CHECKING:
    from generator.build import Summary

Option = Callable[[Callable[..., Any]], Callable[..., Any]]


class _Cli:
    """The commands with their words in one language."""

    def __init__(self, lang: str) -> None:
        self.lang, self.say = lang, sayer(lang)

    def file(self) -> Option:
        return click.option(
            "-f", "file", type=click.Path(path_type=Path), default=Path("units.yaml"), help=self.say("opt_file")
        )

    def json(self) -> Option:
        return click.option("--json", "as_json", is_flag=True, help=self.say("opt_json"))

    def folder(self) -> Option:
        return click.option("-d", "link", type=click.Path(path_type=Path), default=None, help=self.say("opt_dir"))

    def flag(self, name: str, text: str) -> Option:
        return click.option(name, is_flag=True, help=self.say(text))

    @contextmanager
    def told(self) -> Iterator[None]:
        """Expected failures become their sentence on stderr and exit code 1; surprises keep their traceback."""
        try:
            yield
        except RegistryError as error:
            for problem in error.problems:
                click.echo(problem.located(self.lang), err=True)
            _fail(self.say("problems", count=len(error.problems)))
        except SettingsError as error:
            _fail(*error.problems)
        except (GeneratorError, SkmError) as error:
            _fail(_sentence(error, self.say))
        except FileNotFoundError as error:
            _fail(self.say("no_installation", missing=error.filename or error))
        except Exception as error:
            sentence = _expected(error, self.say)
            if sentence is None:
                raise
            _fail(sentence)


def _expected(error: Exception, say: Say) -> str | None:
    """The sentence of a failure of the outside world, None for a surprise. Imports only what must have been loaded."""
    from sqlalchemy.exc import DatabaseError

    from form_backend.publish import PublishError
    from form_backend.site_repository import RepositoryError
    from form_backend.wsgi import ServeError

    if isinstance(error, PublishError | ServeError):
        return _sentence(error, say)
    if isinstance(error, RepositoryError):
        return say("repository", reason=error)
    if isinstance(error, DatabaseError):
        return say("database", reason=error.orig)
    if isinstance(error, ModuleNotFoundError):  # the driver of a database that the URL names
        return say("database", reason=error)
    if isinstance(error, OSError) and error.strerror:
        return say("disk", place=error.filename or "", reason=error.strerror)
    return None


_NAMED = {
    "NotOurSite": "not_our_site",
    "OlderDatabase": "older_database",
    "AnotherPublisher": "another_publisher",
    "ServeError": "no_listening",
}


def _sentence(error: Exception, say: Say) -> str:
    """What an expected failure says, in the reader's language where the failure has a name there."""
    key = _NAMED.get(type(error).__name__)
    return say(key, **vars(error)) if key else str(error)


def _fail(*sentences: str) -> None:
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(1)


def _print_json(content: object) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def make_cli(lang: str) -> click.Group:
    """The command line with help and messages in a language."""
    cli = _Cli(lang)
    group = click.Group("sukma", help=cli.say("sukma"), context_settings={"help_option_names": ["-h", "--help"]})
    for add in (_check, _schema, _build, _serve, _publish, _simulate, _demo):
        group.add_command(add(cli))
    return group


def _check(cli: _Cli) -> click.Command:
    @click.command("check", help=cli.say("check"))
    @cli.file()
    @cli.json()
    def check(file: Path, as_json: bool) -> None:
        from generator.registry import read_registry

        try:
            with cli.told() if not as_json else _quietly():
                registry = read_registry(file).registry
        except RegistryError as error:
            _print_json([asdict(p) | {"message": p.text(cli.lang)} for p in error.problems])
            sys.exit(1)
        if as_json:
            _print_json([])
        counts = {"units": len(registry.units), "organisations": len(registry.organisations)}
        click.echo(cli.say("checked", file=file, **counts), err=True)

    return check


@contextmanager
def _quietly() -> Iterator[None]:
    yield


def _schema(cli: _Cli) -> click.Command:
    @click.command("schema", help=cli.say("schema"))
    def print_schema() -> None:
        _print_json(schema())

    return print_schema


def _build(cli: _Cli) -> click.Command:
    @click.command("build", help=cli.say("build"))
    @cli.file()
    @cli.folder()
    @cli.flag("--full", "opt_full")
    @cli.json()
    def build(file: Path, link: Path | None, full: bool, as_json: bool) -> None:
        with cli.told():
            _run_build(Installation.here(file, link), cli.say, full=full, as_json=as_json)

    return build


def _run_build(here: Installation, say: Say, *, full: bool = False, as_json: bool = False) -> None:
    from form_backend.publish import only_publisher

    # Results are read from the publisher's clone: not while it is being brought up to date.
    with only_publisher(here.publisher_lock):
        summary = _build_with_progress(here, full)
    seconds = round(sum(summary.seconds.values()), 2)
    if as_json:
        _print_json(asdict(summary))
    counts = {"written": summary.written, "unchanged": summary.unchanged, "removed": summary.removed}
    click.echo(say("built", link=here.settings.site_dir, seconds=seconds, **counts), err=True)


def _build_with_progress(here: Installation, full: bool) -> "Summary":
    if not sys.stderr.isatty():
        return here.build(full=full)
    with click.progressbar(length=1, file=sys.stderr, show_eta=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return here.build(full=full, progress=progress)


def _serve(cli: _Cli) -> click.Command:
    @click.command("serve", help=cli.say("serve"))
    @cli.file()
    @cli.folder()
    @click.option("--host", default="127.0.0.1", show_default=True, help=cli.say("opt_host"))
    @click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=cli.say("opt_port"))
    @cli.flag("--no-publish", "opt_no_publish")
    def serve(file: Path, link: Path | None, host: str, port: int, no_publish: bool) -> None:
        from sukma.serve import serve_all, serve_site

        with cli.told():
            here = Installation.here(file, link)
            url, address = here.loaded.registry.site.url, f"http://{host}:{port}"
            if not no_publish:
                if not here.is_built:
                    _run_build(here, cli.say)
                click.echo(cli.say("serving", url=address), err=True)
                if url != address:
                    click.echo(cli.say("elsewhere", url=url, here=address), err=True)
                here.store.purge(datetime.now(UTC))
                here.store.empty_log()
                here.store.close()
                sys.exit(serve_all(file, link, host, port, cli.lang))
            if not here.is_built:
                _run_build(here, cli.say)
            serve_site(here, host, port)

    return serve


def _publish(cli: _Cli) -> click.Command:
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
            sys.exit(repeat(seconds))
        instant = _instant(at, cli.say)
        with cli.told():
            here = Installation.here(file, link)
            if not dry_run:
                here.store.purge(datetime.now(UTC))  # first: no mistake in the registry may keep exact times longer
            zone = ZoneInfo(here.loaded.registry.site.timezone)
            if at is not None and here.store.holds_real_answers():
                _fail(cli.say("real_answers"))
            if instant.tzinfo is None:
                instant = instant.replace(tzinfo=zone)
            report = _run_publish(here, day_of(instant, zone), dry_run=dry_run, build=not no_build)
            if as_json:
                _print_json(report)
            _tell(report, cli.say)

    return publish


def _instant(text: str | None, say: Say) -> datetime:
    """The clock of the run; without an offset it is the installation's local time (a day alone: its noon)."""
    if text is None:
        return datetime.now(UTC)
    try:
        return datetime.combine(date.fromisoformat(text), time(12)) if len(text) <= 10 else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise click.UsageError(say("bad_instant", text=text)) from None


def _run_publish(here: Installation, today: date, *, dry_run: bool, build: bool) -> dict[str, Any]:
    from form_backend.publish import only_publisher

    with only_publisher(here.publisher_lock):
        report = here.publisher().run(today, dry_run=dry_run)
        if build and not dry_run:
            here.build()
            report.built = True
    return asdict(report)


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


def _simulate(cli: _Cli) -> click.Command:
    @click.command("simulate", help=cli.say("simulate"))
    @cli.file()
    @click.option("--answers", type=click.IntRange(min=1), required=True, help=cli.say("opt_answers"))
    @click.option("--seed", type=int, default=0, show_default=True, help=cli.say("opt_seed"))
    @click.option("--unit", "code", default=None, help=cli.say("opt_unit"))
    @click.option("--period", "period_text", default=None, help=cli.say("opt_period"))
    @cli.json()
    def simulate(file: Path, answers: int, seed: int, code: str | None, period_text: str | None, as_json: bool) -> None:
        with cli.told():
            here = Installation.here(file)
            count, period = _run_simulate(here, cli.say, answers, seed, code, period_text)
            if as_json:
                _print_json({"recorded": count, "period": period})
            click.echo(cli.say("simulated", count=count, period=period), err=True)

    return simulate


def _run_simulate(
    here: Installation, say: Say, answers: int, seed: int, code: str | None, period_text: str | None
) -> tuple[int, str]:
    from form_backend.intake import Intake
    from form_backend.release_store import ReleaseStore
    from sukma.simulate import simulate

    registry, now = here.loaded.registry, datetime.now(UTC)
    today = day_of(now, ZoneInfo(registry.site.timezone))
    asked = parse_period(period_text) if period_text else None
    releases = ReleaseStore(here.store.engine)
    year = (asked.first_day if asked else today).year
    _, kind = releases.terms().get(year, (registry.site.release.k, registry.site.period))
    period = asked or period_of(today, kind)
    if period.kind is not kind:
        _fail(say("wrong_period", period=period, kind=kind))
    if period.first_day > today:
        _fail(say("future_period", period=period))
    units = [unit for unit in registry.units if unit.status is Status.ACTIVE and code in (None, unit.code)]
    if not units:
        _fail(say("unknown_unit", unit=code) if code else say("no_unit"))
    if here.store.holds_real_answers():
        _fail(say("real_answers"))
    final = releases.closed_units(period)
    if already := sorted(unit.code for unit in units if unit.code in final):
        _fail(say("final_period", period=period, unit=", ".join(already)))
    intake = Intake(here.store, lambda: registry, lambda: now, here.settings.secret(), limits=False)
    return simulate(intake, units, registry.site, period, answers, seed, now), str(period)


def _demo(cli: _Cli) -> click.Command:
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
                    _run_simulate(here, cli.say, answers, 0, None, str(period))
                _run_publish(here, today, dry_run=False, build=True)
                click.echo(cli.say("serving", url=f"http://{host}:{port}"), err=True)
                here.store.close()
                from sukma.serve import serve_all

                sys.exit(serve_all(Path("units.yaml"), None, host, port, cli.lang))

    return demo
