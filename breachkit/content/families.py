"""Which template serves which duty: `notices/families.yaml`, the organisation's own rules before the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from breachkit.content.shipped import shipped
from breachkit.content.yamlfile import read_yaml
from breachkit.domain.law import RECIPIENT_KINDS
from breachkit.errors import BadFile, Fault

FILE = "notices/families.yaml"
FORMAT = "breachkit/notice-families@1"


@dataclass(frozen=True, slots=True)
class Family:
    """Duties that share a template unless they have their own."""

    duties: str
    """A pattern of duty ids; `?` is one letter, `*` any run of them."""
    template: str
    """Its path below `notices/`, without its ending."""
    to: str | None = None
    """The kind of recipient; None: any."""

    def fits(self, duty: str, kind: str | None) -> bool:
        """Whether it serves that duty; a duty whose recipient is not known fits no rule that asks for one."""
        return fnmatchcase(duty, self.duties) and (self.to is None or self.to == kind)


def families(own: Path | None = None) -> tuple[Family, ...]:
    """All rules; the first that fits is taken. BadFile for a file that is not of the format."""
    folders = [*([own] if own is not None and (own / FILE).is_file() else []), shipped("templates")]
    return tuple(rule for folder in folders for rule in _read(folder / FILE, (folder / FILE).stat().st_mtime_ns))


@cache
def _read(path: Path, _stamp: int) -> tuple[Family, ...]:
    held = read_yaml(path)
    faults: list[Fault] = []
    found = []
    rows = held.get("families") if isinstance(held, dict) and held.get("format") == FORMAT else None
    if not isinstance(rows, list):
        raise BadFile([Fault(str(path), None, f"is not of the format {FORMAT} with a list of families")])
    for number, row in enumerate(rows, 1):
        known = isinstance(row, dict) and {"duties", "template"} <= set(row) <= {"duties", "template", "to"}
        if not known or not all(isinstance(value, str) for value in row.values()):
            faults.append(Fault(str(path), None, f"family {number} needs 'duties' and 'template', and may have 'to'"))
        elif row.get("to") not in (None, *RECIPIENT_KINDS):
            faults.append(Fault(str(path), None, f"family {number}: 'to' is one of {', '.join(RECIPIENT_KINDS)}"))
        else:
            found.append(Family(str(row["duties"]), str(row["template"]), row.get("to")))
    if faults:
        raise BadFile(faults)
    return tuple(found)
