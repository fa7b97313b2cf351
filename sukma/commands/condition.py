"""`sukma doctor`: how an installation is doing, one sentence per fault."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from sukma.commands.base import Cli, print_json
from sukma.wiring import Installation


def doctor_command(cli: Cli) -> click.Command:
    """The twin of `/readyz` on the command line."""

    @click.command("doctor", help=cli.say("doctor"))
    @cli.file()
    @cli.json()
    def doctor(file: Path, as_json: bool) -> None:
        with cli.told():
            from sukma.doctor import examine

            shown, faults = examine(Installation.here(file), datetime.now(UTC))
        told = [{"name": fault.name, "message": cli.say(f"doctor_{fault.name}", **fault.values)} for fault in faults]
        if as_json:
            print_json(shown | {"healthy": not faults, "faults": told})
        for fault in told:
            click.echo(fault["message"], err=True)
        if faults:
            sys.exit(1)
        click.echo(cli.say("doctor_good"), err=True)

    return doctor
