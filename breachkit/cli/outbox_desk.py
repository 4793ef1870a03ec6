"""What the outbox's commands share: journal and vault opened with their warnings said, and a person's word asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from breachkit.cli import common
from breachkit.errors import Refused, UnknownName

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal
    from breachkit.storage.vault import Vault
    from breachkit.workflow.outbox.remembered import Gone
    from breachkit.workflow.workspace import Workspace


@contextmanager
def at_work(space: Workspace, incident: str | None = None) -> Iterator[tuple[Journal, Vault]]:
    """Both open for writing. UnknownName for an incident there is not, before a vault is made for it."""
    with common.open_journal(space) as journal:
        _known(journal, incident)
        with space.vault() as vault:
            warn(vault)
            yield journal, vault


@contextmanager
def looking(space: Workspace, incident: str | None = None) -> Iterator[tuple[Journal, Vault | None]]:
    """Both open for reading; no vault where nothing was ever put into one."""
    from breachkit.workflow.outbox.remembered import vault_if_any

    with common.open_journal(space, read_only=True) as journal:
        _known(journal, incident)
        with vault_if_any(space) as vault:
            warn(vault)
            _warn_of_another(journal, vault)
            yield journal, vault


def _warn_of_another(journal: Journal, vault: Vault | None) -> None:
    """Say when the vault is another journal's."""
    from breachkit.workflow.outbox.belonging import foreign

    held = vault.dispatches() if vault is not None else []
    for incident in dict.fromkeys(one.incident for one in held):
        mine = [one for one in held if one.incident == incident]
        if (why := foreign(journal.entries(incident, upto_seq=1), mine)) is not None:
            common.talk(f"warning: {incident}: {why}")


def gone(journal: Journal, vault: Vault | None, incident: str | None) -> list[Gone]:
    """The dispatches that the journal remembers and the vault does not."""
    from breachkit.workflow.outbox import remembered

    named = [incident] if incident is not None else journal.incidents()
    held = vault.dispatches(incident) if vault is not None else []
    return [
        lost for one in named for lost in remembered.gone(journal.entries(one), [d for d in held if d.incident == one])
    ]  # fmt: skip


def say_gone(lost: list[Gone]) -> None:
    """What to know of them, and what to do."""
    for one in lost:
        common.say(f"{one.dispatch:<6} {one.incident:<8} {one.duty}: THE VAULT IS GONE", style="1;31")
        common.say(f"       {one}; who has it is not known here")
    if lost:
        common.say(
            "       put the vault's backup back (breachkit restore), and queue nothing of it again before: it may go out twice"
        )


def say_dispatch(row: dict[str, Any]) -> None:
    """How one dispatch stands, and which command comes next."""
    counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in row["counts"].items())
    common.say(f"{row['dispatch']:<6} {row['incident']:<8} {row['duty']}: {row['state']}", style="1")
    common.say(f"       {counts}")
    purged = row["state"] == "purged"
    if row["counts"].get("queued") and not purged:
        common.say(f"       what would leave, and what stands in the way: breachkit send run {row['incident']}")
    if row["counts"].get("sending"):
        common.say(
            f"       being sent now, or left by a crash: breachkit send recover {row['incident']} says which", style="1;33"
        )
    if row["counts"].get("in_doubt"):
        common.say(f"       {row['counts']['in_doubt']:,} in doubt, may have arrived. The mail server's log settles them "
                   f"(breachkit send log FILE), or you: breachkit send settle {row['incident']}", style="1;31")  # fmt: skip
    if row["second_channel_owed"]:
        how = "" if purged else f" (breachkit send list {row['incident']} --people says whom)"
        common.say(f"       {row['second_channel_owed']:,} not reached by mail: tell them another way{how}, "
                   f"then breachkit send replace {row['incident']} --by post", style="1;33")  # fmt: skip
    if row["complete"]:
        _say_complete(row)


def _say_complete(row: dict[str, Any]) -> None:
    if row["channel"] == "folder":
        common.say(
            f"       all are files in {row['folder']}; nobody has them before your own mail system sent them", style="32"
        )
        common.say(f"       receipts {row['receipts']}")
        return
    common.say("       all were taken by a mail server, or replaced; that does not say that they arrived or were read, "
               "or that the table names everybody affected", style="32")  # fmt: skip
    common.say(f"       receipts {row['receipts']}")
    reference = f"{row['dispatch']} receipts {row['receipts'][:16]}"
    file = f'breachkit file {row["incident"]} {row["duty"]} --reference "{reference}"'
    common.say(f"       if that is all of them, and bounces were read, record it: {file}")


def ask(prompt: str) -> str:
    """A line typed at a terminal; the question goes to stderr, so that stdout stays data. Refused when nothing is typed."""
    try:
        sys.stderr.write(prompt)
        sys.stderr.flush()
        said = sys.stdin.readline()
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise Refused("you broke off at the question; nothing was done") from None
    if not said.strip():
        raise Refused("nothing was typed; nothing was done")
    return said.strip()


def _known(journal: Journal, incident: str | None) -> None:
    if incident is not None and not journal.head(incident)[0]:
        raise UnknownName("incident", incident, journal.incidents(), hint="(breachkit incident list shows them)")


def warn(vault: Vault | None) -> None:
    """Say what its owner should hear of a vault, on stderr."""
    for warning in vault.warnings if vault is not None else ():
        common.talk(f"warning: {warning}")
