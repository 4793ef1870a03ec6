"""Spans of elapsed time such as `PT4H` and `P1DT12H`: how they are read and said. Periods that a law counts: periods.py."""

from __future__ import annotations

import re
from datetime import timedelta

from breachkit.errors import BadValue

_ISO = re.compile(r"P(?=\d|T\d)(?:(?P<days>\d{1,4})D)?(?:T(?=\d)(?:(?P<hours>\d{1,4})H)?(?:(?P<minutes>\d{1,5})M)?)?", re.ASCII)


def read_offset(text: str) -> timedelta:
    """`PT30M`, `PT4H`, `P1D`, `P1DT12H`: ISO 8601 with days of 24 hours, hours and minutes only.

    Never negative; nought (`PT0M`) is a span too. BadValue for anything else, with how to write it.
    """
    found = _ISO.fullmatch(text.strip())
    if found is None:
        why = "time does not run backwards here" if "-" in text else "days, hours and minutes only"
        raise BadValue(f"'{text}' is not a span of time ({why}); write PT30M, PT4H, P1D or P1DT12H")
    return timedelta(**{unit: int(number) for unit, number in found.groupdict().items() if number})


def say_offset(span: timedelta) -> str:
    """`2 h 30 min`, `3 d 4 h`: whole minutes, what is less dropped; `0 min` for nothing, a minus before a negative span."""
    minutes = int(abs(span).total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    sign = "-" if parts and span < timedelta() else ""
    return sign + (" ".join(parts) or "0 min")


def write_offset(span: timedelta) -> str:
    """`PT4H30M`, `P1DT12H`: as `read_offset` takes it; ValueError for a negative span."""
    if span < timedelta():
        raise ValueError("a negative span of time cannot be written")
    minutes = int(span.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M")) if number)
    day = f"{days}D" if days else ""
    return f"P{day}{f'T{clock}' if clock else ''}" if day or clock else "PT0M"
