"""The time-zone rules in use: those of the tzdata package, on every machine, so that an answer can be replayed."""

from __future__ import annotations

import zoneinfo
from pathlib import Path

import tzdata

VERSION: str = tzdata.IANA_VERSION
"""The IANA release, part of the law pack's hash."""


def use_shipped_zones() -> None:
    """Make zoneinfo read tzdata's files and not the system's, which differ from machine to machine."""
    zoneinfo.reset_tzpath(to=[str(Path(tzdata.__file__).parent / "zoneinfo")])
