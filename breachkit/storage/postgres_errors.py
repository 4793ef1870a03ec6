"""PostgreSQL's errors in a responder's words: what one means for what was being recorded. Texts come in without secrets."""

from __future__ import annotations

from breachkit.errors import BreachkitError, DatabaseLost, JournalDamaged, Refused

LOCK_SECONDS, STATEMENT_SECONDS = 5, 60
NOTHING = "Nothing was recorded"
UNKNOWN = "Whether it was recorded is not known: look at what is there before you record it again"
MEMBERS = "breachkit_member"
"""The role whose members may read and append."""

_LOST = frozenset({"57P01", "57P02", "57P03", "57P05", "25P03"})
"""The server was stopped, fell, starts, or ended an idle session."""


def is_lost(sqlstate: str | None, *, closed: bool) -> bool:
    """Whether an error means that the connection is gone."""
    return closed or sqlstate in _LOST or (sqlstate or "").startswith("08")


def lost(place: str, what_of_it: str) -> DatabaseLost:
    """The connection broke in the middle of something."""
    return DatabaseLost(f"{place}: the connection to the server broke. {what_of_it}")


def unreachable(place: str, text: str, *, verifying: bool) -> DatabaseLost:
    """No connection could be made; `text` holds no secret any more."""
    if verifying and ("certificate" in text or "SSL" in text):
        text += (
            "; breachkit asks a server on another machine for sslmode=verify-full unless the URL names another: put its CA's "
            "certificate at ~/.postgresql/root.crt, or add ?sslrootcert=FILE or ?sslrootcert=system to the URL"
        )
    return DatabaseLost(f"{place} cannot be reached or did not let you in ({text}). {NOTHING}")


def explained(place: str, sqlstate: str | None, text: str) -> BreachkitError:
    """What an error of an intact connection means; `text` holds no secret any more."""
    match sqlstate or "":
        case "55P03":
            return Refused(f"{place}: another writer held it for {LOCK_SECONDS} s and nothing was recorded; try again")
        case "57014":
            return Refused(
                f"{place}: it took longer than {STATEMENT_SECONDS} s or was cancelled, and nothing was recorded; try again"
            )
        case "40001" | "40P01":
            return Refused(f"{place}: it collided with another writer and nothing was recorded; try again")
        case "42501":
            return Refused(
                f"{place}: your role may not do that ({text}); nothing was recorded. Its owner lets you in with: "
                f"GRANT {MEMBERS} TO your_role"
            )
        case "25006":
            return Refused(f"{place}: this server only reads (a standby, or a read-only session); nothing was recorded")
        case "53100":
            return Refused(f"{place}: the server's disk is full and nothing was recorded; free some space, then record again")
        case "53200" | "53300":
            return Refused(f"{place}: the server has no room for one more ({text}); nothing was recorded, try again")
        case "XX001" | "XX002":
            return JournalDamaged(f"{place} is damaged: {text}. Nothing was written; have its administrator look at once")
        case _:
            return Refused(f"{place}: the database refused ({text}); nothing was recorded")
