"""`breachkit key`: what opens an encrypted journal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from breachkit.cli import common, passphrases
from breachkit.errors import BadValue

key_app = common.app(
    "The key of an encrypted journal: status, unlock, lock, change, recover, rotate, keyring.", example="breachkit key unlock"
)

_SPAN = re.compile(r"(\d{1,4})\s*(m|h|d)")
_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_LONGEST = 7 * 86400


@key_app.command("status", epilog="Example: breachkit key status")
def status(as_json: common.JSON = False, database: common.DATABASE = None) -> None:
    """Whether the journal is encrypted, what opens it, and whether it is unlocked."""
    from breachkit.workflow import encryption

    found = encryption.status(common.workspace(database))
    if as_json:
        common.print_json(found.as_json())
        return
    if found.file is None:
        common.say(f"{found.path} is not encrypted")
        return
    common.say(f"{found.path} is encrypted; its key file is {found.key_file}")
    common.say(f"opens with: {', '.join(encryption.ways_in(found.file))}")
    left = found.unlocked_for
    common.say("locked" if left is None else f"unlocked for another {left // 3600} h {left % 3600 // 60} min")
    if len(found.file.generations) > 1:
        common.say("a change of the data key was interrupted: run `breachkit key rotate` again")


@key_app.command("unlock", epilog="Example: breachkit key unlock --for 8h")
def unlock(
    span: Annotated[str, typer.Option("--for", metavar="SPAN", help="30m, 8h, 2d; at most 7d.")] = "8h",
    passphrase_file: passphrases.PASSPHRASE_FILE = None,
    database: common.DATABASE = None,
) -> None:
    """Keep the key in memory for a while, so that commands need no passphrase. It is never written to a disk."""
    from breachkit.workflow import encryption

    seconds = _read_span(span)
    space = common.workspace(database)
    if passphrase_file is not None:
        encryption.open_with(space, passphrases.present_passphrase(passphrase_file))
    where = encryption.unlock(space, seconds)
    common.talk(f"unlocked for {span}, in {where}; `breachkit key lock` ends it")


@key_app.command("lock", epilog="Example: breachkit key lock")
def lock(database: common.DATABASE = None) -> None:
    """Take the key out of memory."""
    from breachkit.workflow import encryption

    common.talk("locked" if encryption.lock(common.workspace(database)) else "it was not unlocked")


@key_app.command("change", epilog="Example: breachkit key change")
def change(
    passphrase_file: passphrases.PASSPHRASE_FILE = None,
    new_passphrase_file: passphrases.NEW_PASSPHRASE_FILE = None,
    database: common.DATABASE = None,
) -> None:
    """Another passphrase for the same key. The old one goes on opening back-ups made before."""
    from breachkit.workflow import encryption

    encryption.change(
        common.workspace(database),
        lambda: passphrases.present_passphrase(passphrase_file),
        lambda: passphrases.new_passphrase(new_passphrase_file, environment=False),
    )
    common.talk("the passphrase was changed")


@key_app.command("recover", epilog="Example: breachkit key recover")
def recover(
    code_file: Annotated[
        Path | None, typer.Option("--code-file", metavar="FILE", help="Its first line is the code.", show_default=False)
    ] = None,
    new_passphrase_file: passphrases.NEW_PASSPHRASE_FILE = None,
    database: common.DATABASE = None,
) -> None:
    """A new passphrase with the recovery code; prints a new code."""
    from breachkit.workflow import encryption

    code = passphrases.recovery_code(code_file)
    said = passphrases.new_passphrase(new_passphrase_file, environment=False)
    encryption.recover(common.workspace(database), code, said, told=passphrases.tell_code)
    common.talk("the journal opens with the new passphrase and the new code")


@key_app.command("rotate", epilog="Example: breachkit key rotate")
def rotate(passphrase_file: passphrases.PASSPHRASE_FILE = None, database: common.DATABASE = None) -> None:
    """A new data key and recovery code; journal and vault are written anew. Run it again if it was interrupted."""
    from breachkit.workflow import encryption

    encryption.rotate(
        common.workspace(database),
        lambda: passphrases.present_passphrase(passphrase_file),
        told=passphrases.tell_code,
        progress=common.talk,
    )
    common.talk("journal and vault open with the new key only. Back-ups made before still open with the old one")


@key_app.command("keyring", epilog="Example: breachkit key keyring")
def keyring(database: common.DATABASE = None) -> None:
    """Let the system's keyring keep the key too, so that it opens with your login."""
    from breachkit.workflow import encryption

    encryption.add_keyring(common.workspace(database))
    common.talk("the system's keyring keeps the key now")


def _read_span(text: str) -> int:
    found = _SPAN.fullmatch(text.strip())
    seconds = int(found[1]) * _SECONDS[found[2]] if found else 0
    if not 0 < seconds <= _LONGEST:
        raise BadValue(f"'{text}' is no span from 1m to 7d; write 30m, 8h or 2d")
    return seconds
