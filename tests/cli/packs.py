"""A user's own packs, made from the shipped laws, for the tests of `law` and of answers that rest on them."""

from __future__ import annotations

from pathlib import Path

from breachkit.content import laws
from breachkit.content.shipped import LAWS

ABOUT = "format: breachkit/pack@1\nid: house\ntitle: House rules\nversion: '7'\n"


def florida(folder: Path, *changes: tuple[str, str], version: str = "7") -> Path:
    """A pack that takes the place of Florida's law, changed. Read again even if a command has read the folder before."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(ABOUT.replace("'7'", f"'{version}'"), encoding="utf-8")
    text = (LAWS / "us" / "fl.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "fl.yaml").write_text(text, encoding="utf-8")
    laws._own_packs.cache_clear()
    return folder


_LIMIT = "within: 30 days, from: determination_or_reason_to_believe"
SHORTER = (_LIMIT, _LIMIT.replace("30", "20"))
LATER_START = (_LIMIT, "within: 30 days, from: determination")
LOWER = ('op: ">=", number: 500', 'op: ">=", number: 250')
OTHER_CONTENT = ("content: [date_of_breach, data_types, contact]", "content: [date_of_breach, nature, contact]")
SURER = ("confidence: secondary", "confidence: verified")
