"""`sukma check`, `sukma schema`, `sukma openapi`: the registry and the interface, before anything is made from them."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

import click

from generator.registry_problems import RegistryError
from sukma.commands.base import Cli, print_json
from sukma.wiring import Installation

_CODES = 10  # named in a warning


def check_command(cli: Cli) -> click.Command:
    """Every problem of the registry at once."""

    @click.command("check", help=cli.say("check"))
    @cli.file()
    @cli.json()
    def check(file: Path, as_json: bool) -> None:
        from generator.registry import read_registry

        deleted: Sequence[str] = ()
        try:
            with cli.told() if not as_json else _quietly():
                registry = read_registry(file).registry
            if Path("site_src").exists():
                with cli.told():  # what was published binds, too
                    here = Installation.here(file)
                    registry, deleted = here.loaded.registry, here.deleted()
        except RegistryError as error:
            print_json([asdict(p) | {"message": p.text(cli.lang)} for p in error.problems])
            sys.exit(1)
        if as_json:
            print_json([])
        counts = {"units": len(registry.units), "organisations": len(registry.organisations)}
        click.echo(cli.say("checked", file=file, **counts), err=True)
        if deleted:
            some = ", ".join(deleted[:_CODES]) + (", …" if deleted[_CODES:] else "")
            click.echo(cli.say("check_deleted", file=file, count=len(deleted), codes=some), err=True)

    return check


@contextmanager
def _quietly() -> Iterator[None]:
    yield


def schema_command(cli: Cli) -> click.Command:
    """The JSON Schema of the registry, or of instruments."""

    @click.command("schema", help=cli.say("schema"))
    @cli.flag("--instrument", "opt_instrument_schema")
    def print_schema(instrument: bool) -> None:
        from generator.instrument_model import instrument_schema
        from generator.registry import schema

        print_json(instrument_schema() if instrument else schema())

    return print_schema


def openapi_command(cli: Cli) -> click.Command:
    """The backend's interface for programs, as it is shipped."""

    @click.command("openapi", help=cli.say("openapi"))
    def print_openapi() -> None:
        click.echo(files("form_backend").joinpath("openapi.yaml").read_text(encoding="utf-8"), nl=False)

    return print_openapi
