"""The command tree. A command's module is imported when it is used, so that `breachkit --help` stays quick."""

from __future__ import annotations

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from breachkit import __version__
from breachkit.cli import common

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "A private sandbox with an invented incident."),
    "incident": ("incident", "Open, list, show and close incidents."),
    "fact": ("fact", "Record, list, correct and import facts."),
    "duties": ("duties", "Who must be told, by when and why."),
    "clock": ("clock", "The deadlines that are running."),
    "risk": ("risk", "The severity score and the risk level it suggests."),
    "ask": ("ask", "The open questions, most urgent first."),
    "decide": ("acts", "Record a decision on a duty, with its ground."),
    "file": ("acts", "Record that a notice was filed, with its proof."),
    "notice": ("notice", "Draft, check and approve notices; worksheets; letters for many."),
    "send": ("send", "The outbox: queue, send, and settle what is open."),
    "remind": ("remind", "Reminders before each limit, for cron or to watch."),
    "attach": ("attach", "Keep a file with an incident, erasable."),
    "purge": ("purge", "Erase people's data; the journal still verifies."),
    "playbook": ("playbook", "Response playbooks: the steps, and which are open."),
    "exercise": ("exercise", "Tabletop exercises: list, run, debrief."),
    "org": ("org", "Organisation profiles: list, show, check."),
    "law": ("law", "The law library: list, show, check."),
    "journal": ("journal", "The append-only journal: show, verify, export."),
    "report": ("report", "The incident report."),
    "init": ("init", "Make a database: plain, encrypted, or on PostgreSQL."),
    "key": ("key", "The key of an encrypted database: unlock, change, recover."),
    "backup": ("backup", "One file with everything, while others write."),
    "restore": ("restore", "Put a backup back, or prove that it could be."),
}
"""Name -> module of this package and one line of help."""


class LazyGroup(TyperGroup):
    """A group whose commands are imported by name, and suggested by likeness when the name is wrong."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every command, in the order a responder meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the one that is asked for."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"breachkit.cli.{COMMANDS[cmd_name][0]}")
        return typer.main.get_command(getattr(module, f"{cmd_name}_app"))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Name the nearest commands when there is none of that name."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from breachkit.errors import UnknownName

            raise UnknownName("command", args[0], COMMANDS, hint="(breachkit --help lists them)")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """List names and help without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: breachkit duties --facts incident.yaml",
)


@app.callback()
def root(
    ctx: typer.Context,
    database: common.DATABASE = None,
    actor: common.ACTOR = None,
    laws: common.LAWS = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """breachkit: who must be told of a data breach, by when and why - and the notices themselves.

    Information, not legal advice. Without a command it opens the terminal UI.
    """
    common.remember(database, actor, laws)
    if version:
        common.say(f"breachkit {__version__}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        common.launch(None, common.workspace())
