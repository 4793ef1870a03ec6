"""Where a mail server's password comes from: the environment or the keyring. It is never written down, logged or shown.

A password travels in a `Password`, which shows nothing of itself; only the login opens it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from breachkit.domain.mail_servers import Server
from breachkit.errors import Refused

VARIABLE: Final = "BREACHKIT_SMTP_PASSWORD"
SERVICE: Final = "breachkit"
"""What the keyring files it under."""


class Password:
    """A secret that neither `repr`, a log, a copy by pickle nor a shown local variable gives away."""

    __slots__ = ("__secret",)

    def __init__(self, secret: str) -> None:
        self.__secret = secret

    def reveal(self) -> str:
        """The password itself, for the login alone."""
        return self.__secret

    def hidden_in(self, text: str, user: str = "") -> str:
        """A server's words with the password taken out, plain or in the forms a login sends."""
        plain = self.__secret.encode()
        forms = [base64.b64encode(raw).decode() for raw in (plain, b"\0%s\0%s" % (user.encode(), plain))]
        for form in (*forms, self.__secret):
            text = text.replace(form, "(password)") if form else text
        return text

    def __repr__(self) -> str:
        return "Password(hidden)"

    def __reduce__(self) -> str:
        raise TypeError("a password is not written down")


def variable_for(server: Server) -> str:
    """The environment variable of that server's own password."""
    return f"{VARIABLE}_{server.name.upper().replace('-', '_')}"


def keyring_name(server: Server) -> str:
    """What the keyring calls that server's password, under the service `breachkit`."""
    return f"smtp:{server.user}@{server.host}"


def password_for(server: Server, *, only: bool) -> Password | None:
    """The password of one server; None for a server that nobody logs in to. `only`: it is the settings' only server.

    Refused when there is none to be found, with the ways to set it.
    """
    if server.user is None:
        return None
    for variable in (variable_for(server), VARIABLE) if only else (variable_for(server),):
        if secret := os.environ.get(variable):
            return Password(secret)
    secret, why = _from_keyring(server)
    if secret:
        return Password(secret)
    raise Refused(
        f"no password for the mail server '{server.name}' ({server.user} at {server.host}): set {variable_for(server)} in the "
        f"environment{f' (or {VARIABLE}, as it is the only server)' if only else ''}, or put it into the keyring with "
        f"`keyring set {SERVICE} {keyring_name(server)}`{why}"
    )


def passwords_for(servers: Sequence[Server]) -> Mapping[str, Password]:
    """The passwords of all servers that want one, by the server's name. Refused when one is missing."""
    only = len(servers) == 1
    found: Iterable[tuple[str, Password | None]] = [(server.name, password_for(server, only=only)) for server in servers]
    return {name: password for name, password in found if password is not None}


def _from_keyring(server: Server) -> tuple[str | None, str]:
    """What the keyring holds, and what to say of the keyring when it holds nothing."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return None, " once the package keyring is installed"
    try:
        return keyring.get_password(SERVICE, keyring_name(server)), ""
    except KeyringError as problem:
        return None, f" (this machine's keyring cannot be read: {type(problem).__name__})"
