"""Checks the DOCX file an organisation's documents are made from, before anything else opens it.

Refused: macros, embedded objects, whatever is fetched from outside, archives that unpack to far more than they are.
"""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from breachkit.errors import Fault

MAX_BYTES: Final = 5_000_000
"""Bytes of the file."""
MAX_UNPACKED: Final = 40_000_000
"""Bytes of all it holds."""
MAX_PARTS: Final = 500
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_NEEDED = ("[Content_Types].xml", "_rels/.rels", "word/document.xml")
_DANGEROUS = (
    (
        r"vbaProject|vbaData|macro|(?:^|/)(?!printerSettings)[^/]*\.bin$",
        "macros",
        "save it as a Word document (.docx) without macros",
    ),
    (r"/embeddings/|oleObject|activeX|ctrlProp", "embedded objects or controls", "delete them and save it again"),
    (r"attachedTemplate|altChunk|aFChunk|subDocument", "parts taken from other files", "paste their content and save it again"),
)
_READING_FIELDS = frozenset({
    "AUTOTEXT", "DATABASE", "DDE", "DDEAUTO", "EMBED", "GLOSSARY", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT",
    "LINK", "MACROBUTTON", "PRINT", "RD",
})  # fmt: skip


def check_base(data: bytes, name: str) -> list[Fault]:
    """What is wrong with the file; empty when it can be used."""
    return [Fault(name, None, text) for text in _faults(data)]


def _faults(data: bytes) -> Iterator[str]:
    if len(data) > MAX_BYTES:
        yield f"is larger than {MAX_BYTES // 1_000_000} MB; remove text and pictures: only styles, header and footer are used"
        return
    try:
        parts = _unpacked(data)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        yield "is not a DOCX file; save it as a Word document (.docx)"
        return
    except _TooMuch as problem:
        yield str(problem)
        return
    if missing := [part for part in _NEEDED if part not in parts]:
        yield f"lacks {missing[0]}; save it as a Word document (.docx)"
        return
    types = [element.get("ContentType") for element in _elements(parts["[Content_Types].xml"]) or ()]
    if _MAIN not in types:
        yield "is a template or has macros, not a document; open it and save it as a Word document (.docx)"
    for pattern, what, remedy in _DANGEROUS:
        if found := [part for part in parts if re.search(pattern, part, re.IGNORECASE)]:
            yield f"holds {what} ({found[0]}); {remedy}"
    for part, held in parts.items():
        if part.endswith((".xml", ".rels")):
            elements = _elements(held)
            if elements is None:
                yield f"{part} is not plain UTF-8 XML; open the file in a word processor and save it anew"
            else:
                yield from _faults_of_links(part, elements) if part.endswith(".rels") else _faults_of_fields(part, elements)


def _elements(data: bytes) -> list[ElementTree.Element] | None:
    """All elements of a part in their order; None when it is not XML that can be read without risk."""
    declared = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", data.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        return None
    if b"\0" in data or re.search(rb"<!(?:DOCTYPE|ENTITY)", data, re.IGNORECASE):
        return None
    try:
        return list(ElementTree.fromstring(data).iter())  # no DOCTYPE, so no entities to expand
    except (ElementTree.ParseError, ValueError):
        return None


def _faults_of_links(part: str, elements: list[ElementTree.Element]) -> Iterator[str]:
    for element in elements:
        kind = element.get("Type", "").rpartition("/")[2]
        target = element.get("Target", "")
        for pattern, what, remedy in _DANGEROUS:
            if re.search(pattern, kind, re.IGNORECASE):
                yield f"{part} refers to {what} ({kind}); {remedy}"
        if element.get("TargetMode") != "External":
            continue
        if kind != "hyperlink":
            yield f"{part} takes something from outside the file ({target[:80]}); embed it or remove it"
        elif not re.match(r"(?:https?|mailto):", target, re.IGNORECASE):
            yield f"{part} has a link that is no web or mail address ({target[:80]}); remove it"


def _faults_of_fields(part: str, elements: list[ElementTree.Element]) -> Iterator[str]:
    """Fields that read other files. An instruction may be cut into several pieces."""
    instructions = [""]
    for element in elements:
        match element.tag.rpartition("}")[2]:
            case "instrText":
                instructions[-1] += element.text or ""
            case "fldChar":
                instructions.append("")
            case "fldSimple":
                instructions.extend(value for name, value in element.attrib.items() if name.endswith("instr"))
                instructions.append("")
            case "altChunk" | "OLEObject" | "object" | "control":
                yield f"{part} holds an embedded object or another file; delete it and save it again"
    for instruction in instructions:
        name = instruction.split()[0].upper() if instruction.split() else ""
        if name in _READING_FIELDS:
            yield f"{part} has a field that reads other files ({name}); remove it"


class _TooMuch(Exception):
    """The archive holds more than a document would."""


def _unpacked(data: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_PARTS:
            raise _TooMuch(f"holds {len(entries)} parts, more than {MAX_PARTS}; save it anew from an empty document")
        for entry in entries:
            if entry.flag_bits & 1:
                raise _TooMuch("is encrypted; save it without a password")
            if entry.filename in parts or entry.filename.startswith("/") or ".." in entry.filename.split("/"):
                raise _TooMuch(f"holds a part with a forged name ({entry.filename[:60]!r}); save it anew")
            try:
                with archive.open(entry) as part:
                    held = part.read(left + 1)  # what the archive says about its size may be a lie
            except (NotImplementedError, RuntimeError, OSError) as problem:
                raise zipfile.BadZipFile(str(problem)) from problem
            left -= len(held)
            if left < 0:
                raise _TooMuch(f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB; remove pictures and text from it")
            parts[entry.filename] = held
    return parts
