"""Asking for passphrases and recovery codes. Never an option with the words themselves: those stay in a shell's history."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common
from breachkit.errors import KeyNeeded, Refused

PASSPHRASE_FILE = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", metavar="FILE", help="Its first line is the passphrase; yours alone to read.", show_default=False
    ),
]
NEW_PASSPHRASE_FILE = Annotated[
    Path | None,
    typer.Option("--new-passphrase-file", metavar="FILE", help="Its first line is the new passphrase.", show_default=False),
]


def new_passphrase(file: Path | None, *, environment: bool = True, what: str = "New passphrase") -> str:
    """A passphrase from a file or the environment, else asked for twice."""
    from breachkit.storage import keys

    if file is not None or environment:
        said = keys.said_passphrase(file)
        if said is not None:
            return said
    if not keys.can_ask():
        raise KeyNeeded("no passphrase: there is no terminal to ask at; name a file that holds it (see --help)")
    first = keys.ask(f"{what} (at least {keys.SHORTEST} letters): ")
    if keys.ask("The same again: ") != first:
        raise Refused("the two were not the same; nothing was changed")
    return first


def present_passphrase(file: Path | None) -> str:
    """The passphrase in use, from a file or the environment, else asked for."""
    from breachkit.storage import keys

    said = keys.said_passphrase(file)
    if said is None and not keys.can_ask():
        raise KeyNeeded("no passphrase: there is no terminal to ask at; name a file that holds it (see --help)")
    return said if said is not None else keys.ask("Passphrase: ")


def recovery_code(file: Path | None) -> str:
    """A recovery code from a file, else asked for."""
    from breachkit.storage import keys

    if file is not None:
        return keys.read_secret(file)
    if not keys.can_ask():
        raise KeyNeeded("no recovery code: there is no terminal to ask at; --code-file names a file that holds it")
    return keys.ask("Recovery code: ")


def tell_code(code: str) -> None:
    """Show a new recovery code: the code alone on stdout, what it is on stderr."""
    common.talk("The recovery code, shown this once. Write it on paper and keep it away from this machine:")
    common.say(code)
    common.talk("It opens the database when the passphrase is lost. An earlier code opens only back-ups made before.")
