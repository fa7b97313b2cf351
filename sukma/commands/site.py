"""`sukma build` and `sukma serve`: the site made, and shown."""

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sukma.commands.base import Cli, print_json
from sukma.texts import Say
from sukma.wiring import Installation

if TYPE_CHECKING:
    from generator.progress import Summary


def build_command(cli: Cli) -> click.Command:
    """Bring the site up to date."""

    @click.command("build", help=cli.say("build"))
    @cli.file()
    @cli.folder()
    @cli.flag("--full", "opt_full")
    @click.option("--jobs", type=click.IntRange(1, 64), default=None, help=cli.say("opt_jobs"))
    @cli.json()
    def build(file: Path, link: Path | None, full: bool, jobs: int | None, as_json: bool) -> None:
        with cli.told():
            _run_build(Installation.here(file, link), cli.say, full=full, jobs=jobs, as_json=as_json)

    return build


def _run_build(
    here: Installation, say: Say, *, full: bool = False, jobs: int | None = None, as_json: bool = False
) -> None:
    from form_backend.publish import only_publisher

    # Results are read from the publisher's clone: not while it is being brought up to date.
    with only_publisher(here.publisher_lock):
        summary = _build_with_progress(here, full, jobs)
    seconds = round(sum(summary.seconds.values()), 2)
    if as_json:
        print_json(asdict(summary))
    counts = {"written": summary.written, "unchanged": summary.unchanged, "removed": summary.removed}
    click.echo(say("built", link=here.settings.site_dir, seconds=seconds, **counts), err=True)


def _build_with_progress(here: Installation, full: bool, jobs: int | None) -> "Summary":
    if not sys.stderr.isatty():
        return here.build(full=full, jobs=jobs)
    with click.progressbar(length=1, file=sys.stderr, show_eta=False) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        return here.build(full=full, jobs=jobs, progress=progress)


def serve_command(cli: Cli) -> click.Command:
    """Site, intake and publisher on one address."""

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
            url = here.loaded.registry.site.url
            if not here.is_built:
                _run_build(here, cli.say)
            if not no_publish:
                here.store.purge(datetime.now(UTC))
                here.store.close()  # the last one out empties SQLite's log, where forgotten times may still stand
                sys.exit(serve_all(file, link, host, port, cli.lang))

            def listening(given: int) -> None:
                address = f"http://{host}:{given}"
                click.echo(cli.say("serving", url=address), err=True)
                if url != address:
                    click.echo(cli.say("elsewhere", url=url, here=address), err=True)

            serve_site(here, host, port, listening)

    return serve
