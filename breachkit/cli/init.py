"""`breachkit init`: an empty journal, plain or encrypted; or a plain one encrypted."""

from __future__ import annotations

from typing import Annotated

import typer

from breachkit.cli import common, passphrases
from breachkit.errors import UsageError

init_app, command = common.single(example="breachkit init --encrypted")

KEYRING = Annotated[bool, typer.Option("--keyring", help="Let the system's keyring keep the key, so that nobody types it.")]


@command
def init(
    encrypted: Annotated[bool, typer.Option("--encrypted", help="Encrypt journal and vault with SQLCipher.")] = False,
    encrypt_existing: Annotated[
        bool, typer.Option("--encrypt-existing", help="Encrypt the plain journal that is there.")
    ] = False,
    remove_plain: Annotated[
        bool, typer.Option("--remove-plain", help="With --encrypt-existing: overwrite and delete the plain files.")
    ] = False,
    passphrase_file: passphrases.PASSPHRASE_FILE = None,
    keyring: KEYRING = False,
    database: common.DATABASE = None,
) -> None:
    """Start an empty journal. `--encrypted` asks for a passphrase and prints a recovery code, once."""
    from breachkit.storage.keys import said_passphrase
    from breachkit.workflow import encryption

    if (passphrase_file is not None or keyring) and not (encrypted or encrypt_existing):
        raise UsageError("a passphrase or a keyring is for an encrypted journal; say --encrypted too")
    if remove_plain and not encrypt_existing:
        raise UsageError("--remove-plain belongs to --encrypt-existing")
    if encrypted and encrypt_existing:
        raise UsageError("--encrypted starts a new journal, --encrypt-existing takes the one that is there; say one of them")

    def passphrase() -> str | None:
        if keyring and said_passphrase(passphrase_file) is None:
            return None
        return passphrases.new_passphrase(passphrase_file)

    space = common.workspace(database)
    if not encrypt_existing:
        place, warnings = encryption.start(
            space, encrypted=encrypted, keyring=keyring, passphrase=passphrase, told=passphrases.tell_code
        )
        for warning in warnings:
            common.talk(f"warning: {warning}")
        common.talk(f"{place} is ready" + (", encrypted; its key file lies beside it" if encrypted else ""))
        return
    left = encryption.encrypt(
        space,
        keyring=keyring,
        passphrase=passphrase,
        told=passphrases.tell_code,
        remove_plain=remove_plain,
        progress=common.talk,
    )
    common.talk("journal and vault are encrypted")
    for path in left:
        common.talk(f"still in the clear: {path} - erase it once you have opened the encrypted one")
    if remove_plain:
        common.talk(
            "the plain files were overwritten and deleted. What an SSD moved aside, snapshots, back-ups, swap and "
            "`.schema-N` copies still hold cannot be reached from here"
        )
