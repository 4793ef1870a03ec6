"""Text as a notice may hold it: cleaned of what cannot be seen, tidied, and read without Markdown's signs."""

from __future__ import annotations

import re
import unicodedata

_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b.")
_REMOVED = ("Cc", "Cf", "Cs", "Cn", "Co")  # Co: private use, in which marks are written
_KEPT_CONTROLS = {"\n", "\u200c", "\u200d", "\u200e", "\u200f"}


def clean(text: str) -> str:
    """The text without terminal sequences, control characters and hidden direction marks; line breaks stay."""
    text = _TERMINAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = re.sub("[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return "".join(c for c in text if c in _KEPT_CONTROLS or unicodedata.category(c) not in _REMOVED)


def tidy(markdown: str) -> str:
    """No trailing spaces, no more than one blank line in a row, one line end at the end."""
    lines = "\n".join(line.rstrip() for line in markdown.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n"


_NEEDLESS = re.compile(r"(?<!\\)(?:(\d{1,9})\\([.)])|\\([+=>:-]))")
_NO_WORDS = re.compile("(?:\x02[^\x03]*\x03|[\\s>]|[-+*] |\\d{1,9}[.)] )*")


def unescaped_inside(markdown: str) -> str:
    """The text without the escapes that Markdown needs at the start of a line alone: `on the 20\\. of`, `call \\+1`."""

    def bare(match: re.Match[str]) -> str:
        start = markdown.rfind("\n", 0, match.start()) + 1
        at_start = _NO_WORDS.fullmatch(markdown, start, match.start()) is not None
        return match[0] if at_start else f"{match[1]}{match[2]}" if match[1] else match[3]

    return _NEEDLESS.sub(bare, markdown)


def title_of(markdown: str) -> str:
    """The text of the first top heading; empty when there is none."""
    match = re.search(r"^# +(.+)$", markdown, re.MULTILINE)
    return plain(match[1]) if match else ""


def plain(markdown: str) -> str:
    """Markdown without its signs, for reading and counting; not a parser."""
    text = re.sub(r"^ {0,3}(?:#{1,6} |[-+*] |\d+[.)] |> ?|\|[ :|-]+\|$)", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"(?<!\\)[*`|]+|(?<![\\\w])_+|(?<!\\)_+(?!\w)", "", text)
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).strip()


def is_blank(text: str) -> bool:
    """Whether it has neither a letter nor a digit."""
    return not any(char.isalnum() for char in text)
