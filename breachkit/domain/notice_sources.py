"""Where a notice stands: the rule it is made under, the place it is about, the stage it is at, the filing it follows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.law import Citation

_STAGES: Final = {
    "early": "first", "initial": "first", "preliminary": "first", "update": "update", "supplement": "update",
    "each_supplement": "update", "investigation": "update", "written": "update", "detailed": "update", "full": "update",
    "progress": "progress", "intermediate": "intermediate", "final": "final", "closing_report": "final", "annual": "annual",
    "withdrawal": "withdrawal",
}  # fmt: skip
"""The stages laws know, under the names of their sheets, and what each is to a reader."""

STAGE: Final = re.compile(rf"\.({'|'.join(_STAGES)})(?:[._-][a-z0-9_-]+)?$")
"""The stage at the end of a notice's name."""


def stage_of(duty: str) -> str:
    """first, update, progress, intermediate, final, annual or withdrawal; a name without a stage is of a first report."""
    found = STAGE.search(duty)
    return _STAGES[found[1]] if found else "first"


_OUR_REMARKS = re.compile(
    r",? \(?(?:its text )?not verified\)?|, in (?:a )?summary|, (?:first|\d{4}) text(?= |$)|, which holds no such duty"
    r"|, as amended in \d{4}|; draft [^;]+"
)
_ABOUT_READING = (
    "Draft", "EDPB Guidelines", "On ", "Dates", "First day", "State of the rule", "Compliance dates", "Thirty days",
    "Regulation (EEC, Euratom) No 1182/71", "Form 8-K, Item 1.05(c)",
)  # fmt: skip
"""How citations begin that say where a date, a count or the state of a rule was read, and not which rule is kept."""

_NOT_FOUND = re.compile(r" \((?:not in the directory|not named in our source|none is (?:known|told)|which one [^)]*)\)")


def addressee(name: str) -> str:
    """Whom a notice goes to, without our remarks on how little is known of it."""
    return _NOT_FOUND.sub("", name)


def cited(cites: Iterable[Citation]) -> str:
    """The rules as a notice cites them: without our remarks on how they were read, without guidance on counting and drafts."""
    rules = [cite.text for cite in cites if not cite.text.startswith(_ABOUT_READING)] or [cite.text for cite in cites]
    return "; ".join(dict.fromkeys(_OUR_REMARKS.sub("", text) for text in rules))


def place_of(finding: Finding, book: FactBook) -> str | None:
    """The place whose people a duty is about: that of its recipient, or that its id names (`us.fl` is US-FL)."""
    parts = finding.regime.split(".")
    if len(parts) > 1 and parts[0] == "us" and (code := f"US-{parts[1].upper()}") in book.words.places:
        return code
    return finding.recipient.place


def first_filing_of(id: str, duty: str, book: FactBook) -> Mapping[str, Any] | None:
    """The first filing of this duty or, for an update or a later stage, of the one it follows."""
    recipient = id.removeprefix(duty)
    base = STAGE.sub("", duty)
    first_stages = (duty, base, *(f"{base}.{name}" for name, stage in _STAGES.items() if stage == "first"))
    for key in dict.fromkeys(f"filed.{name}{at}" for name in first_stages for at in (recipient, "")):
        fact = book.get(key)
        records = fact.value if fact is not None and isinstance(fact.value, tuple) else ()
        for record in records:
            if isinstance(record, Mapping) and record.get("kind", "first") == "first":
                return record
    return None
