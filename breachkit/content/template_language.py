"""The language templates are written in: Jinja in a sandbox that opens no file but templates, and every value escaped.

A template sees plain text under the names of `domain.notice_names.NAMES` and nothing else. What a fact says prints as it
stands, and never becomes a heading, a link, a tag or a template of its own.

What templates have beside plain Jinja:
- `known('x')`: whether a value is known. Using one that is not is an error with file and line.
- `say('x', 'element', ...)`: the value as those content elements, or the words for "not known yet" as open ones.
- `owed('element')` and `allowed('element')`: whether the duty asks for it on these facts, and whether no law forbids it here.
- `{% element "id" %}...{% endelement %}` around the text that says it, and the filter `marks('id')` for a short one.
- `{% open %}...{% endopen %}` around a sentence that only says that something is not known yet.
- `{% form "id" %}`: this template keeps that rule about layout or wording.
- the filters `listed` (a, b and c) and `paragraphs` (blank lines in a value become paragraphs).
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from jinja2 import StrictUndefined, TemplateNotFound, TemplateRuntimeError, TemplateSyntaxError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.loaders import BaseLoader
from jinja2.parser import Parser
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from breachkit.content.shipped import shipped
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.notice_context import NoticeContext
from breachkit.domain.notice_names import NAMES, Said
from breachkit.domain.notice_text import clean
from breachkit.domain.notices import mark
from breachkit.errors import BadFile, Fault, UnknownName

SUFFIX: Final = ".md.j2"

_OWED, _BANNED, _FILLING = "_owed", "_banned", "_filling"


def values_for(context: NoticeContext) -> dict[str, Any]:
    """What a template is rendered with."""
    values: dict[str, Any] = {key: _said(value) for key, value in context.values.items()}
    return {**values, _OWED: context.owed, _BANNED: context.banned, _FILLING: True}


class _Value(str):
    """A fact's text. Wherever Jinja takes it into finished text, it is escaped for Markdown."""

    __slots__ = ()

    def __html__(self) -> str:
        return escape_markdown(str(self))


def _said(value: Said) -> _Value | tuple[_Value, ...]:
    return _Value(value) if isinstance(value, str) else tuple(_Value(item) for item in value)


_SIGNS = re.compile(r"[\\`*_\[\]<|~]|&(?=#?\w{1,32};)")
_LINE_START = re.compile(r"^(\d{1,9})?(?(1)([.)])|([#+=>:-]))")


def escape_markdown(text: str) -> str:
    """The text so that Markdown prints it literally, on one line."""
    line = " ".join(clean(text).split())
    escaped = _SIGNS.sub(r"\\\g<0>", line)
    return _LINE_START.sub(lambda m: f"{m[1] or ''}\\{m[2] or m[3]}", escaped)


def _finalize(value: Any) -> Markup:
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        return Markup(str(value))  # raises, with the reason
    if isinstance(value, str):
        return Markup(escape_markdown(value))
    if isinstance(value, (tuple, list)):
        raise TemplateRuntimeError("a list is printed with `| listed`, or item by item")
    return Markup(escape_markdown(str(value)))


def _listed(items: Any) -> Markup:
    texts = [str(_finalize(item)) for item in ([items] if isinstance(items, str) else items)]
    if len(texts) < 2:
        return Markup("".join(texts))
    return Markup(f"{', '.join(texts[:-1])} and {texts[-1]}")


def _paragraphs(text: Any) -> Markup:
    blocks = re.split(r"\n\s*\n", clean(str(text)))
    return Markup("\n\n".join(escape_markdown(block) for block in blocks if block.strip()))


def _marks(value: Any, *ids: str) -> Markup:
    """The value as those content elements."""
    start, end = "".join(mark("+", id) for id in ids), "".join(mark("-", id) for id in reversed(ids))
    text = _listed(value) if isinstance(value, (tuple, list)) else _finalize(value)
    return Markup(f"{start}{text}{end}")


def _need_context(context: Context, what: str) -> None:
    if _FILLING not in context:
        raise TemplateRuntimeError(f"{what} needs the values: import the macros `with context`")


@pass_context
def _known(context: Context, name: str) -> bool:
    _need_context(context, "known()")
    if name not in NAMES:
        raise TemplateRuntimeError(str(UnknownName("value", name, NAMES)))
    return name in context


@pass_context
def _allowed(context: Context, id: str) -> bool:
    _need_context(context, "allowed()")
    return id not in context[_BANNED]


@pass_context
def _is_owed(context: Context, id: str) -> bool:
    _need_context(context, "owed()")
    return id in context[_OWED]


@pass_context
def _say(context: Context, name: str, *ids: str) -> Markup:
    if _known(context, name):
        return _marks(context[name], *ids)
    return _marks(Markup(f"{mark('(')}{_finalize(context['not_yet'])}{mark(')')}"), *ids)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {"known": _known, "allowed": _allowed, "owed": _is_owed, "say": _say}


class _Unsaid(StrictUndefined):
    """A name that is not known, or that nothing has; every use of it is an error that says which."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name = self._undefined_name
        if self._undefined_hint:
            return str(self._undefined_hint)
        if name in NAMES:
            return f"'{name}' is not known here; ask `known('{name}')` before using it"
        return str(UnknownName("value", str(name), NAMES))


class _Marking(Extension):
    """The tags `element`, `open` and `form`."""

    tags = {"element", "open", "form"}  # noqa: RUF012 - as Jinja declares it

    def parse(self, parser: Parser) -> list[nodes.Node]:
        token = next(parser.stream)
        ids = [] if token.value == "open" else self._ids(parser, token.value)
        if token.value == "form":
            return [self._text("".join(mark("=", id) for id in ids), token.lineno)]
        if token.value == "open":
            before, after = mark("("), mark(")")
        else:
            before = "".join(mark("+", id) for id in ids)
            after = "".join(mark("-", id) for id in reversed(ids))
        body = parser.parse_statements((f"name:end{token.value}",), drop_needle=True)
        return [self._text(before, token.lineno), *body, self._text(after, token.lineno)]

    def _ids(self, parser: Parser, tag: str) -> list[str]:
        ids = [parser.stream.expect("string").value]
        while parser.stream.skip_if("comma"):
            ids.append(parser.stream.expect("string").value)
        known = load_vocabulary().elements
        for id in ids:
            if id not in known:
                parser.fail(f"{tag}: {UnknownName('content element', id, known)}")
        return ids

    @staticmethod
    def _text(text: str, line: int) -> nodes.Node:
        return nodes.Output([nodes.TemplateData(text)]).set_lineno(line)


class _Folders(BaseLoader):
    """Templates of these folders alone: no way out by `..`, an absolute path or a link."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.roots = [root.resolve() for root in roots]

    def get_source(self, _environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        parts = template.split("/")
        if all(part not in ("", ".", "..") and "\\" not in part and "\0" not in part for part in parts):
            for root in self.roots:
                path = root.joinpath(*parts).resolve()
                if path.is_relative_to(root) and path.is_file():
                    try:
                        return path.read_text(encoding="utf-8"), template, lambda: True
                    except UnicodeDecodeError as problem:
                        raise BadFile([Fault(template, None, f"is not UTF-8 text (byte {problem.start})")]) from problem
        raise TemplateNotFound(template)

    def list_templates(self) -> list[str]:
        return sorted({p.relative_to(r).as_posix() for r in self.roots for p in r.rglob(f"*{SUFFIX}")})


def template_roots(own: Path | None) -> tuple[Path, ...]:
    """Where templates lie, the user's own folder first."""
    return (*([own] if own is not None else []), shipped("templates"))


def environment_for(own: Path | None) -> ImmutableSandboxedEnvironment:
    """The environment that fills templates of these folders."""
    return _shipped_environment() if own is None else _new_environment(own)


@cache
def _shipped_environment() -> ImmutableSandboxedEnvironment:
    return _new_environment(None)


def _new_environment(own: Path | None) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=_Folders(template_roots(own)),
        extensions=[_Marking],
        undefined=_Unsaid,
        # Jinja's own escaping is only the carrier: it keeps finished text and values apart, `_Value` and `_finalize` escape.
        autoescape=True,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals.clear()
    environment.globals.update(FUNCTIONS)
    for name in ("safe", "xmlattr", "urlize", "tojson", "pprint", "random", "format", "map", "attr"):
        environment.filters.pop(name, None)
    environment.filters |= {"listed": _listed, "paragraphs": _paragraphs, "marks": _marks}
    return environment


def refuse(name: str, problem: Exception) -> NoReturn:
    """The error as a fault of a file, at the template's own line."""
    if isinstance(problem, TemplateNotFound):
        raise BadFile([Fault(name, None, f"includes '{problem.name}', which is in no template folder")]) from problem
    if isinstance(problem, TemplateSyntaxError):
        raise BadFile([Fault(problem.name or name, problem.lineno, problem.message or str(problem))]) from problem
    # Jinja rewrites tracebacks: frames of a template carry its name and its own lines.
    frames = [frame for frame in traceback.extract_tb(problem.__traceback__) if frame.filename.endswith(SUFFIX)]
    text = str(problem)
    if isinstance(problem, SecurityError):
        text = f"does something templates may not: {text}"
    where = Fault(frames[-1].filename, frames[-1].lineno, text) if frames else Fault(name, None, text)
    raise BadFile([where]) from problem
