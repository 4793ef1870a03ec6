"""Where a PostgreSQL server is and how to get in, read from a URL as libpq reads it. Nothing here ever shows a password."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as BadServices
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from breachkit.errors import UsageError

_SECRET = ("password", "sslpassword", "oauth_client_secret", "scram_client_key", "scram_server_key")
_USUAL = {"connect_timeout": "10", "keepalives_idle": "30", "keepalives_interval": "10", "application_name": "breachkit"}
_FROM_ENVIRONMENT = {"connect_timeout": "PGCONNECT_TIMEOUT", "application_name": "PGAPPNAME"}
_HOW = (
    "write postgresql://NAME@HOST/DATABASE. In a password, write % as %25, @ as %40, : as %3A and / as %2F, "
    "or leave it out and use PGPASSWORD or ~/.pgpass"
)


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """What libpq is told. Its repr names the place alone."""

    params: Mapping[str, str]
    place: str
    """What messages call the database: its URL with neither user nor password."""
    verifying: bool
    """Whether breachkit asked for `sslmode=verify-full` by itself, the server being on another machine."""

    def __repr__(self) -> str:
        return f"Address({self.place!r})"

    def plain(self, text: str) -> str:
        """A text of the driver's on one line, with every secret of this address taken out."""
        secrets = {self.params[key] for key in _SECRET if self.params.get(key)} | {os.environ.get("PGPASSWORD", "")}
        for secret in sorted(secrets - {""}, key=len, reverse=True):
            text = text.replace(secret, "***")
        return " ".join(text.split())


def read_url(url: str) -> Address:
    """The address in a `postgresql://` URL. UsageError, which repeats nothing of the URL, for one that cannot be read."""
    rest = url.partition("://")[2]
    if (given := _read(rest)) is None:
        raise UsageError(f"this is no PostgreSQL URL: {_HOW}")
    known = {key: given.get(key) or os.environ.get(name, "") for key, name in _ENVIRONMENT.items()}
    params = {key: value for key, value in _USUAL.items() if not os.environ.get(_FROM_ENVIRONMENT.get(key, ""))} | given
    service = _service(known["service"])
    hosts = known["hostaddr"] or known["host"] or service.get("hostaddr") or service.get("host") or ""
    said = known["sslmode"] or service.get("sslmode")
    verifying = not said and not all(_is_here(host) for host in hosts.split(","))
    if verifying:
        params["sslmode"] = "verify-full"
    return Address(params | {"client_encoding": "utf8"}, _place(known), verifying)


_ENVIRONMENT = {
    "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER",
    "service": "PGSERVICE", "sslmode": "PGSSLMODE",
}  # fmt: skip


def _read(rest: str) -> dict[str, str] | None:
    """What libpq makes of it; None where that is nothing, or where an @ or / of a password is taken for something else."""
    before_query = rest.partition("?")[0]
    name, at, _ = before_query.partition("@")
    if before_query.count("@") > 1 or (at and "/" in name):
        return None
    try:
        found = conninfo_to_dict(f"postgresql://{rest}")
    except (psycopg.Error, ValueError):
        return None  # libpq's words would repeat the URL
    given = {key: str(value) for key, value in found.items() if value is not None}
    fits = re.fullmatch(r"[0-9,]*", given.get("port", "")) and "\0" not in "".join(given.values())
    return given if fits else None


def _service(name: str) -> Mapping[str, str]:
    """What a service file says of a service; empty where none does. libpq reads it again, for all of it."""
    if not name:
        return {}
    places = [os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf"]
    if folder := os.environ.get("PGSYSCONFDIR"):
        places.append(Path(folder) / "pg_service.conf")
    for place in places:
        reader = ConfigParser(interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",))
        try:
            reader.read(place, encoding="utf-8")
        except (BadServices, UnicodeDecodeError):
            continue
        if reader.has_section(name):
            return dict(reader.items(name))
    return {"host": "unknown"}  # libpq may know it from its own folder: taken for one on another machine


def _is_here(host: str) -> bool:
    """Whether nobody stands between: a Unix socket or this machine's own loopback."""
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _place(known: Mapping[str, str]) -> str:
    host, port, name = known["host"] or known["hostaddr"], known["port"], known["dbname"] or known["user"]
    if not host and known["service"]:
        return f"postgresql:///{name}?service={known['service']}"
    if host.startswith(("/", "@")):
        return f"postgresql:///{name}?host={host}" + (f"&port={port}" if port not in ("", "5432") else "")
    shown = f"[{host}]" if ":" in host else host
    return f"postgresql://{shown}{f':{port}' if port not in ('', '5432') else ''}/{name}"
