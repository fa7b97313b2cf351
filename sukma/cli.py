"""The command line: stdout is data, stderr is talk; exit 0 ok, 1 problem found, 2 usage, 130 ended by Ctrl-C."""

import sys
from typing import Any

import click

from sukma.commands.answers import answers_command, audit_command, put_back_command, set_aside_command
from sukma.commands.base import Cli
from sukma.commands.condition import doctor_command
from sukma.commands.database import migrate_command
from sukma.commands.exporting import export_command
from sukma.commands.figures import index_command, sample_size_command
from sukma.commands.importing import import_command
from sukma.commands.operations import backup_command, drill_command, restore_command
from sukma.commands.planning import plan_command
from sukma.commands.practice import demo_command, simulate_command
from sukma.commands.publishing import publish_command
from sukma.commands.registry import check_command, openapi_command, schema_command
from sukma.commands.retention import retention_command
from sukma.commands.site import build_command, serve_command

_COMMANDS = (
    check_command,
    schema_command,
    openapi_command,
    plan_command,
    build_command,
    serve_command,
    publish_command,
    migrate_command,
    index_command,
    sample_size_command,
    simulate_command,
    demo_command,
    answers_command,
    set_aside_command,
    put_back_command,
    audit_command,
    import_command,
    export_command,
    backup_command,
    restore_command,
    drill_command,
    doctor_command,
    retention_command,
)


class _Sukma(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """Ctrl-C ends without a word and not with 1, which is an answer of some commands."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            sys.exit(130)  # 128 + SIGINT, as `sukma.__main__` says before there are words


def make_cli(lang: str) -> click.Group:
    """The command line with help and messages in a language."""
    cli = Cli(lang)
    group = _Sukma("sukma", help=cli.say("sukma"), context_settings={"help_option_names": ["-h", "--help"]})
    for make in _COMMANDS:
        group.add_command(make(cli))
    return group
