"""Sets pages with typst: which fonts it may take, what it says when one lacks a letter, and how its memory stays small.

Text that no font has is refused by name; it never comes out as boxes: every document is made to a standard that forbids them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from breachkit.errors import BadFile, BadValue, Fault

if TYPE_CHECKING:
    import typst

SHIPPED_FONT: Final = "Libertinus Serif"
"""The font typst carries: Latin with all its accents, Greek, Cyrillic."""
FONT_PACKAGES: Final = ("manimgx_fonts", "manimgx_fonts_cjk")
"""Python packages that hold nothing but Noto fonts: one for most scripts, one for Chinese, Japanese and Korean."""
_HERE = Path(__file__).parent
_PROBE = str(_HERE / "probe.typ")
_HAN = {"ja": "JP", "ko": "KR", "zh-TW": "TC", "zh-HK": "HK"}
_SHOWN = 12
_AGING = 12
# typst forgets what ten compilations in a row did not use.

Standard = Literal["ua-1", "a-2a"]
TAGGED: Final[tuple[Standard, ...]] = ("ua-1",)
"""PDF/UA-1: tagged, with a title and a language, every letter readable."""
ARCHIVED: Final[tuple[Standard, ...]] = ("a-2a", "ua-1")
"""PDF/A-2a beside it, which wants a date."""


class CannotShow(BadValue):
    """Text with characters that are in no font at hand; `characters` lists them."""

    def __init__(self, characters: Sequence[str], people: Sequence[int] = ()) -> None:
        self.characters = tuple(characters)
        self.people = tuple(people)
        """Positions, from 0, of the letters of a batch whose own data has them; empty when the letter's text does."""
        shown = [f"{char} (U+{ord(char):04X} {unicodedata.name(char, 'no name')})" for char in self.characters[:_SHOWN]]
        more = len(self.characters) - len(shown)
        super().__init__(
            f"no font at hand has {', '.join(shown)}{f' and {more} more' if more else ''}; nothing was written. "
            "Put a font that has them into the folder fonts/ of your own folder, or install a Noto font for that script"
        )


@cache
def package_folders() -> tuple[str, ...]:
    """The folders of the font packages that are installed."""
    found = []
    for name in FONT_PACKAGES:
        spec = find_spec(name)
        found += list(spec.submodule_search_locations or ()) if spec else []
    return tuple(found)


@lru_cache(maxsize=16)
def families(folders: tuple[str, ...], own: str = "", language: str = "en") -> tuple[str, ...]:
    """The fonts of a text in the order they are asked for a letter: one's own, the shipped, then those of the folders.

    A fixed order gives the same document on every machine. BadValue when the font of one's own is not there.
    """
    import typst

    there = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders)).families()
    if own and own not in (*there, SHIPPED_FONT):
        raise BadValue(
            f"there is no font '{own}' in fonts/; there are {', '.join(there) or 'none'}. Correct 'font' in letterhead.yaml"
        )
    han = _HAN.get(language, _HAN.get(language.split("-")[0], "SC"))

    # The faces of Noto's CJK fonts have the same letters, each as one country draws them; one is enough, and each is large.
    others = [
        family for family in there if not re.search(r" CJK (?:SC|TC|HK|JP|KR)$", family) or family.endswith(f" CJK {han}")
    ]
    others.sort(key=lambda family: ("Emoji" in family, "CJK" in family, family))
    return tuple(dict.fromkeys([*([own] if own else []), SHIPPED_FONT, *others]))


@lru_cache(maxsize=2)
def _compiler(folders: tuple[str, ...], *, system: bool) -> typst.Compiler:
    # It keeps every font it read, of which some are large; so one is used for all sources, and no more than two are kept.
    import typst

    return typst.Compiler(root=str(_HERE), ignore_system_fonts=not system, font_paths=list(folders))


class Setter:
    """Sets one typst source with data, trying the system's fonts only when all others lack a letter."""

    def __init__(self, source: Path, folders: tuple[str, ...], standards: Sequence[Standard]) -> None:
        self._source, self._folders, self._standards = source, folders, list(standards)

    def pdf(self, inputs: dict[str, str], texts: Iterable[str]) -> bytes:
        """The document. CannotShow when some of `texts` cannot be set with any font at hand."""
        import typst

        for system in (False, True):
            try:
                return self._compile(inputs, system=system)
            except typst.TypstError as problem:
                if any(sign in str(problem) for sign in ("decode image", "process image", "SVG")):
                    raise unreadable_logo(problem) from problem
                if "could not be displayed" not in str(problem):
                    raise
        missing = unshown(texts, self._folders)
        raise CannotShow(missing or ["\ufffd"])

    def _compile(self, inputs: dict[str, str], *, system: bool) -> bytes:
        compiler = _compiler(self._folders, system=system)
        self._last = compiler
        made = compiler.compile(str(self._source), format="pdf", sys_inputs=inputs, pdf_standards=[*self._standards])
        assert isinstance(made, bytes)  # a PDF is one file
        return made

    def found(self, selector: str) -> Any:
        """The value of the one piece of metadata with that label in the document set last."""
        import json

        return json.loads(self._last.query(selector, field="value", one=True))


def unreadable_logo(problem: Exception) -> BadFile:
    """What to say when a logo that looked sound cannot be drawn."""
    said = " ".join(str(problem).split())[:200]
    return BadFile([Fault("the letterhead's logo", None, f"cannot be drawn ({said}); save it as plain SVG or as PNG")])


def unshown(texts: Iterable[str], folders: tuple[str, ...]) -> list[str]:
    """The characters of these texts that no font has, the system's among them, each once, in order."""
    import typst

    wanted = sorted({char for text in texts for char in text if not char.isspace() and not char.isascii()})
    probe = _compiler(folders, system=True)
    missing: list[str] = []
    while wanted:
        try:
            probe.compile(_PROBE, format="pdf", sys_inputs={"text": "\n".join(wanted)}, pdf_standards=["ua-1"])
            break
        except typst.TypstError as problem:
            match = re.search(r'the text `"(.+)"`', str(problem))
            bad = [char for char in wanted if match and char in match[1]]
            if not bad:  # it names what it cannot show by its code: look for it one by one
                bad = [char for char in wanted if not _shows(probe, char)]
                missing += bad
                break
            missing += bad
            wanted = [char for char in wanted if char not in bad]
    return missing


def _shows(probe: typst.Compiler, char: str) -> bool:
    import typst

    try:
        probe.compile(_PROBE, format="pdf", sys_inputs={"text": char}, pdf_standards=["ua-1"])
    except typst.TypstError:
        return False
    return True


def forget(folders: tuple[str, ...]) -> None:
    """Give back the memory of the documents set so far. Takes as long as a few letters; call it between batches."""
    compiler = _compiler(folders, system=False)
    for number in range(_AGING):
        compiler.compile(_PROBE, format="svg", sys_inputs={"text": f"{number}"})
