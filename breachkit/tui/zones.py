"""The zone this computer's wall clock is in, so that "now" can be written with it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from breachkit.domain.periods import zone_named
from breachkit.errors import BadValue


def system_zone() -> str | None:
    """The IANA name; None where the system does not tell."""
    for said in (os.environ.get("TZ", "").removeprefix(":"), _linked(Path("/etc/localtime")), _named(Path("/etc/timezone"))):
        if said:
            try:
                return zone_named(said).key
            except BadValue:
                continue
    return None


def written(moment: datetime, zone: str | None = None) -> str:
    """A moment as a person would write it there: `2026-11-21T04:10:00+01:00[Europe/Brussels]`; `zone` None: here."""
    zone = zone or system_zone()
    local = moment.astimezone(zone_named(zone)) if zone else moment.astimezone()
    text = local.replace(microsecond=0).isoformat()
    return f"{text}[{zone}]" if zone else text


def _linked(path: Path) -> str:
    try:
        return str(path.resolve()).partition("zoneinfo/")[2] if path.is_symlink() else ""
    except OSError:
        return ""


def _named(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
