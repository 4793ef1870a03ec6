"""Reads an organisation's look from its own folder: `letterhead.yaml`, `letterhead.svg` or `.png`, `base.docx`, `fonts/`.

Nothing in it can fetch, run or hide anything; what could is refused with its line. The DOCX file is `base_docx`'s work.
"""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path
from typing import Final

from breachkit.content.base_docx import check_base
from breachkit.content.yamlfile import Reader, read_yaml
from breachkit.domain.looks import Logo, Look
from breachkit.domain.notices import Paper
from breachkit.errors import BadFile, Fault

FORMAT: Final = "breachkit/letterhead@1"
FILE: Final = "letterhead.yaml"
MAX_LOGO: Final = 2_000_000
"""Bytes of a logo."""
MAX_PIXELS: Final = 16_000_000
"""Of a PNG logo: few bytes can hold many, and whoever sets the page holds all of them."""
MIN_CONTRAST: Final = 4.5
"""WCAG 2.1, success criterion 1.4.3, for text on white."""
_MAX_LINES, _MAX_LINE = 7, 90
_SVG = "{http://www.w3.org/2000/svg}"
_FONTS = (".ttf", ".otf", ".ttc", ".otc")
_SIZE = re.compile(r"\s*(\d{1,6}(?:\.\d{1,6})?)\s*(?:px|pt|mm|cm|in)?\s*")


def load_look(folder: Path | None) -> Look | None:
    """The look in an organisation's folder; None where the folder holds nothing of the kind.

    BadFile lists every fault of `letterhead.yaml`, of the logo beside it and of `base.docx`.
    """
    if folder is None:
        return None
    faults: list[Fault] = []
    look = _letterhead(folder, faults)
    base = folder / "base.docx"
    data = None
    if base.is_file():
        data = base.read_bytes()
        faults.extend(check_base(data, base.name))
    fonts = folder / "fonts"
    has_fonts = fonts.is_dir() and any(path.suffix.lower() in _FONTS for path in fonts.rglob("*"))
    if look is not None and look.font and not has_fonts:
        text = f"font '{look.font}': put its files into a folder fonts/ beside this file, or leave 'font' out"
        faults.append(Fault(FILE, None, text))
    if faults:
        raise BadFile(faults)
    if look is None and data is None and not has_fonts:
        return None
    look = look or Look()
    folders = (str(fonts),) if has_fonts else ()
    return Look(look.organisation, look.logo, look.colour, look.font, look.paper, data, folders)


def contrast_with_white(colour: str) -> float:
    """The contrast of `#rrggbb` with white, from 1 to 21, as WCAG 2.1 reckons it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _letterhead(folder: Path, faults: list[Fault]) -> Look | None:
    path = folder / FILE
    if not path.is_file():
        left = [name for name in ("letterhead.svg", "letterhead.png", "letterhead.yml") if (folder / name).is_file()]
        faults.extend(Fault(name, None, f"is used only when {FILE} beside it says so; write that file") for name in left)
        return None
    top = Reader(read_yaml(path), FILE, faults, "the letterhead")
    if top.text("format", needed=True) not in ("", FORMAT):
        top.fault("format", f"format must be '{FORMAT}'")
    lines = tuple(line.strip() for line in top.texts("organisation") if line.strip())
    if not lines:
        top.fault("organisation", "'organisation' must list the lines of the letterhead, the name first")
    if len(lines) > _MAX_LINES or any(len(line) > _MAX_LINE or not line.isprintable() for line in lines):
        top.fault("organisation", f"takes at most {_MAX_LINES} lines of at most {_MAX_LINE} printable characters")
    logo = _logo(top, folder)
    colour = top.text("colour")
    if colour and not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        top.fault("colour", f"'{colour}' is no colour; write it as \"#1f3a5f\", in quotes")
        colour = ""
    elif colour and (contrast := contrast_with_white(colour)) < MIN_CONTRAST:
        # Rounded down, so that no message says 4.5 where 4.5 would do.
        shown = f"{int(contrast * 10) / 10:.1f}"
        top.fault(
            "colour", f"'{colour}' is too pale to read on white ({shown} to 1; {MIN_CONTRAST} is needed); take a darker one"
        )
    font = top.text("font")
    if len(font) > 100 or not font.isprintable():
        top.fault("font", "must be the name of a font family")
    papers: tuple[Paper, ...] = ("a4", "us-letter")
    paper = top.choice("paper", papers) if top.has("paper") else None
    top.finish("format", "paper")
    return Look(lines, logo, colour.lower(), font, paper)


def _logo(top: Reader, folder: Path) -> Logo | None:
    name, alt = top.text("logo"), top.text("logo_alt")
    if not name:
        if alt:
            top.fault("logo_alt", "describes a logo, and there is none; add 'logo' or leave it out")
        return None
    if name not in ("letterhead.svg", "letterhead.png"):
        top.fault("logo", f"'{name}' is not read; name the file letterhead.svg or letterhead.png, in the same folder")
        return None
    if not alt:
        top.fault("logo", "a logo needs 'logo_alt': what it shows, in words, for people who do not see it")
    path = folder / name
    try:
        if path.stat().st_size > MAX_LOGO:
            top.fault("logo", f"{name} is larger than {MAX_LOGO // 1_000_000} MB; save it smaller")
            return None
        data = path.read_bytes()
    except OSError as problem:
        top.fault("logo", f"{name} cannot be read: {problem.strerror or problem}")
        return None
    try:
        size = _svg_size(data) if name.endswith(".svg") else _png_size(data)
    except _BadPicture as problem:
        top.fault("logo", f"{name} {problem}")
        return None
    width, height = size
    if not 0.02 <= width / height <= 50:
        top.fault("logo", f"{name} is too long and thin for a letterhead ({width} by {height})")
        return None
    return Logo("svg" if name.endswith(".svg") else "png", data, alt, width, height)


class _BadPicture(Exception):
    """What is wrong with a picture, and what to do."""


def _png_size(data: bytes) -> tuple[int, int]:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        raise _BadPicture("is not a PNG picture; save it as PNG or SVG")
    at, held = 8, b""
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4].rjust(4, b"\0"))
        end = at + 12 + length
        kind, (said,) = data[at + 4 : at + 8], struct.unpack(">I", data[end - 4 : end].rjust(4, b"\0"))
        if end > len(data) or zlib.crc32(data[at + 4 : end - 4]) != said:
            raise _BadPicture("is damaged; save it anew")
        held += data[at + 8 : end - 4] if kind == b"IDAT" else b""
        at = end
    if kind != b"IEND":
        raise _BadPicture("is cut off; save it anew")
    width, height = struct.unpack(">II", data[16:24])
    if not (0 < width <= 10_000 and 0 < height <= 10_000 and width * height <= MAX_PIXELS):
        raise _BadPicture(f"is {width} by {height} pixels; save it with at most 10000 either way and {MAX_PIXELS:,} in all")
    _check_pixels(held)
    return width, height


def _check_pixels(held: bytes) -> None:
    """Whether the picture's own compression can be undone: a typesetter would stop over it, a word processor show nothing."""
    unpack = zlib.decompressobj()
    try:
        while held and not unpack.eof:
            unpack.decompress(held, 1 << 20)
            held = unpack.unconsumed_tail
    except zlib.error as problem:
        raise _BadPicture("is damaged; save it anew") from problem
    if not unpack.eof:
        raise _BadPicture("is cut off; save it anew")


def _svg_size(data: bytes) -> tuple[int, int]:
    """An SVG's proportions. Refuses whatever could run, fetch, or say more than is seen."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)|<\?xml-stylesheet", data, re.IGNORECASE):
        raise _BadPicture("has a DOCTYPE, entities or a style sheet link; save it as plain SVG")
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", data.removeprefix(b"\xef\xbb\xbf"))
    if b"\0" in data or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        raise _BadPicture("is not UTF-8 text; save it as plain SVG")
    try:
        root = ElementTree.fromstring(data)  # no DOCTYPE, so no entities to expand
    except (ElementTree.ParseError, ValueError) as problem:
        raise _BadPicture(f"is not well-formed SVG: {problem}") from problem
    if root.tag != f"{_SVG}svg":
        raise _BadPicture("is not an SVG picture; save it as SVG or PNG")
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2].lower()
        if tag in ("script", "foreignobject", "iframe", "animate", "set", "animatetransform", "animatemotion", "handler"):
            raise _BadPicture(f"holds <{tag}>; save it as plain SVG without scripts, animation and embedded pages")
        for name, value in element.attrib.items():
            _check_attribute(name.rpartition("}")[2].lower(), value)
        if tag == "style" and _fetches(element.text or ""):
            raise _BadPicture("has a style that fetches something; save it as plain SVG")
    return _proportions(root)


def _check_attribute(name: str, value: str) -> None:
    if name.startswith("on"):
        raise _BadPicture(f"runs a script ({name}); save it as plain SVG")
    if name in ("href", "src") and not re.match(r"#|data:image/(?:png|jpeg);base64,", value.strip()):
        raise _BadPicture(f"refers to something outside it ({value.strip()[:60]}); embed the picture instead")
    if _fetches(value):
        raise _BadPicture(f"has a style that fetches something ({name}); save it as plain SVG")


def _fetches(style: str) -> bool:
    return bool(re.search(r"@import|url\(\s*['\"]?(?!#|['\"])|expression\(|javascript:", style, re.IGNORECASE))


def _proportions(root: ElementTree.Element) -> tuple[int, int]:
    numbers = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if len(numbers) != 4:
        numbers = ["0", "0", root.get("width", ""), root.get("height", "")]
    found = [_SIZE.fullmatch(number) for number in numbers[2:]]
    sizes = [round(float(match[1]) * 1000) for match in found if match]
    if len(sizes) != 2 or not all(sizes):
        raise _BadPicture("says no size; save it with a viewBox, or with width and height")
    return sizes[0], sizes[1]
