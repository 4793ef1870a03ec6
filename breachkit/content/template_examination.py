"""Reads a template with all it includes before any of it runs: which elements it can say, its hash, and names nothing has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from breachkit.content.catalogues import Message
from breachkit.content.template_folders import Stamp, stamp_of
from breachkit.content.template_language import FUNCTIONS, TRANSLATING, environment_for, refuse
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.notice_names import NAMES
from breachkit.errors import BadFile, Fault, UnknownName


@dataclass(frozen=True, slots=True)
class Examined:
    """What a template can say, and what it is made of."""

    elements: frozenset[str]
    """Content elements it can say; rules of form it keeps are among them."""
    sha256: str
    """Over it and every part it includes."""
    messages: frozenset[Message]
    """Every sentence in it that has to be there in the notice's language."""
    bare: tuple[str, ...] = ()
    """Words that stand outside `trans`: they can be in no language but the one they are written in."""


def examine(name: str, own: Path | None) -> Examined:
    """Read a template and all it includes; BadFile with every name nothing has."""
    return _examined(name, own, stamp_of(own))


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of a template, read once."""

    source: str
    parts: tuple[str, ...]
    """What it includes, imports or extends."""
    made: frozenset[str]
    """Names it gives itself."""
    used: tuple[tuple[int, str], ...]
    """Names it reads, each with its line."""
    asked: tuple[tuple[int, str, str], ...]
    """Values and elements named in calls: line, `value` or `element`, name."""
    elements: frozenset[str]
    messages: frozenset[Message]
    bare: tuple[tuple[int, str], ...]


@lru_cache(maxsize=2048)
def _examined(name: str, own: Path | None, _stamp: Stamp) -> Examined:
    parts: dict[str, _Part] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in parts:
            mine = own is not None and (own / current).is_file()
            parts[current] = _part(environment_for(own), current) if mine else _shipped_part(current)
            waiting += parts[current].parts
    _check_names(parts)
    digest = hashlib.sha256()
    for part in sorted(parts):
        digest.update(part.encode() + b"\0" + parts[part].source.encode() + b"\0")
    return Examined(
        frozenset().union(*(part.elements for part in parts.values())),
        digest.hexdigest(),
        frozenset().union(*(part.messages for part in parts.values())),
        tuple(f"{file} line {line}: {text}" for file, part in parts.items() for line, text in part.bare),
    )


@cache
def _shipped_part(name: str) -> _Part:
    return _part(environment_for(None), name)


def _part(environment: ImmutableSandboxedEnvironment, name: str) -> _Part:
    try:
        source = _source(environment, name)
        tree = environment.parse(source, name, name)
        return _part_of(name, source, tree)
    except (TemplateError, RecursionError, ValueError) as problem:  # a number of thousands of digits is a ValueError
        refuse(name, problem)


def _part_of(name: str, source: str, tree: nodes.Template) -> _Part:
    return _Part(
        source,
        tuple(_parts_of(tree, name)),
        frozenset(_names_made(tree)),
        tuple((node.lineno, node.name) for node in tree.find_all(nodes.Name)),
        tuple((node.lineno, what, value) for node, what, value in _calls(tree)),
        frozenset(_ids_in(tree)),
        frozenset(messages_in(tree)),
        tuple(_bare_words(tree)),
    )


_WORD = re.compile(r"[^\W\d_]{2,}")
_MARKER = re.compile("\x02[^\x03]*\x03")


def _bare_words(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    for data in tree.find_all(nodes.TemplateData):
        text = " ".join(_MARKER.sub("", data.data).split())
        if _WORD.search(text):
            yield data.lineno, text if len(text) <= 60 else f"{text[:57]}..."


def messages_in(tree: nodes.Template) -> Iterator[Message]:
    """The sentences a template asks its catalogue for."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATING:
            texts = [arg.value for arg in call.args if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
            if call.node.name == "pgettext" and len(texts) == 2:
                yield texts[0], texts[1]
            elif texts:
                yield "", texts[0]


def _source(environment: ImmutableSandboxedEnvironment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _parts_of(tree: nodes.Template, name: str) -> Iterator[str]:
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        template = getattr(node, "template", None)
        if not isinstance(template, nodes.Const) or not isinstance(template.value, str):
            raise BadFile([Fault(name, node.lineno, "names a part that is not a plain text; write the path in quotes")])
        yield template.value


def _names_made(tree: nodes.Template) -> Iterator[str]:
    yield from (node.name for node in tree.find_all(nodes.Name) if node.ctx != "load")
    yield from (node.name for node in tree.find_all(nodes.Macro))
    yield from (part.target for part in tree.find_all(nodes.Import))
    for part in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in part.names)


def _check_names(parts: Mapping[str, _Part]) -> None:
    made = frozenset().union(*(part.made for part in parts.values()))
    allowed = {*NAMES, *FUNCTIONS, *TRANSLATING, *made, "loop", "caller", "varargs", "kwargs", "self", "super"}
    known = load_vocabulary().elements
    faults = []
    for file, part in parts.items():
        for line, name in part.used:
            if name not in allowed:
                faults.append(Fault(file, line, str(UnknownName("value", name, [*NAMES, *FUNCTIONS]))))
        for line, what, value in part.asked:
            if what == "value" and value not in NAMES:
                faults.append(Fault(file, line, str(UnknownName("value", value, NAMES))))
            if what == "element" and value not in known:
                faults.append(Fault(file, line, str(UnknownName("content element", value, known))))
    if faults:
        raise BadFile(sorted(set(faults), key=lambda fault: (fault.file, fault.line or 0)))


def _calls(tree: nodes.Template) -> Iterator[tuple[nodes.Node, str, str]]:
    """Names of values and elements that stand as plain texts in calls."""
    for call in tree.find_all((nodes.Call, nodes.Filter)):
        args = [arg.value for arg in getattr(call, "args", ()) if isinstance(arg, nodes.Const) and isinstance(arg.value, str)]
        if isinstance(call, nodes.Filter):
            if call.name == "marks":
                yield from ((call, "element", arg) for arg in args)
        elif isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name):
            first, rest = args[:1], args[1:]
            if call.node.name in ("known", "say"):
                yield from ((call, "value", arg) for arg in first)
            if call.node.name == "say":
                yield from ((call, "element", arg) for arg in rest)
            if call.node.name in _ASKING:
                yield from ((call, "element", arg) for arg in first)


_ASKING = ("allowed", "owed", "says", "label_of")
_MARKED = re.compile("\x02[+=]([a-z0-9_]+)\x03")


def _ids_in(tree: nodes.Template) -> Iterator[str]:
    for data in tree.find_all(nodes.TemplateData):
        yield from _MARKED.findall(data.data)
    for call, what, value in _calls(tree):
        if what == "element" and not (
            isinstance(call, nodes.Call) and isinstance(call.node, nodes.Name) and call.node.name in _ASKING
        ):
            yield value
