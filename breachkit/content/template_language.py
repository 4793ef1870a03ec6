"""The language templates are written in: Jinja in a sandbox that opens no file but templates, and every value escaped.

A template sees plain text under the names of `domain.notice_names.NAMES` and nothing else. What a fact says prints as it
stands, and never becomes a heading, a link, a tag or a template of its own.

Every sentence stands in `{% trans %}...{% endtrans %}` or `_("...")`, in English; catalogues hold it in other languages.
Inside it only plain names are printed: `{% trans day=began_day | marks("date_of_breach") %}On {{ day }}.{% endtrans %}`.

What templates have beside plain Jinja:
- `known('x')`: whether a value is known. Using one that is not is an error with file and line.
- `say('x', 'element', ...)`: the value as those content elements, or the words for "not known yet" as open ones.
- `owed('element')` and `allowed('element')`: whether the duty asks for it on these facts, and whether no law forbids it here.
- `{% element "id" %}...{% endelement %}` around the text that says it, and the filter `marks('id')` for a short one.
- `{% open %}...{% endopen %}` around a sentence that only says that something is not known yet.
- `{% form "id" %}`: this template keeps that rule about layout or wording.
- `says('element')`: people's own words for an element, or nothing; `owed_besides([...])`: the elements the duty asks for that
  are not in the list, and `label_of('element')` what each is called.
- the filters `listed` (a, b and c) and `paragraphs` (blank lines in a value become paragraphs).
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NoReturn

from jinja2 import (
    Environment,
    StrictUndefined,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    nodes,
    pass_context,
    pass_environment,
)
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension, InternationalizationExtension
from jinja2.parser import Parser
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from breachkit.content.catalogues import SOURCE_LANGUAGE, TranslationMissing, catalogue, translated
from breachkit.content.template_budget import BudgetedEnvironment
from breachkit.content.template_folders import SUFFIX, Folders, Stamp, stamp_of, template_roots
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.wordings import wording_for
from breachkit.domain.notice_context import NoticeContext
from breachkit.domain.notice_fields import field_mark, fields_in, split_fields
from breachkit.domain.notice_names import NAMES, Said, Untranslated
from breachkit.domain.notice_text import clean
from breachkit.domain.notices import mark
from breachkit.errors import BadFile, Fault, UnknownName

_OWED, _BANNED, _FILLING, _SAYS, _LABELS = "_owed", "_banned", "_filling", "_says", "_labels"


def values_for(context: NoticeContext) -> dict[str, Any]:
    """What a template is rendered with."""
    values: dict[str, Any] = {key: _said(value) for key, value in context.values.items()}
    kept = {_OWED: context.owed, _BANNED: context.banned, _FILLING: True, _SAYS: context.says, _LABELS: context.labels}
    return {**values, **kept}


class _Value(str):
    """A fact's text. Wherever Jinja takes it into finished text, it is escaped for Markdown."""

    __slots__ = ()

    def __html__(self) -> str:
        return escape_markdown(str(self))


class _Unsayable(_Value):
    """Words the notice's language does not have: whatever becomes of them in finished text stops the notice."""

    __slots__ = ()

    def __html__(self) -> str:
        raise TranslationMissing(str(self))


def _text(value: str) -> _Value:
    return _Unsayable(value) if isinstance(value, Untranslated) else _Value(value)


def _said(value: Said) -> _Value | tuple[_Value, ...]:
    return _text(value) if isinstance(value, str) else tuple(_text(item) for item in value)


_SIGNS = re.compile(r"[\\`*_\[\]<|~]|&(?=#?\w{1,32};)")
_LINE_START = re.compile(r"^(\d{1,9})?(?(1)([.)])|([#+=>:-]))")


def escape_markdown(text: str) -> str:
    """The text so that Markdown prints it literally, on one line."""
    if fields_in(text):  # marks of a person's fields, which only the house can write
        return "".join(
            (escape_markdown(piece) if piece else "") + (field_mark(one) if one else "") for piece, one in split_fields(text)
        )
    line = " ".join(clean(text).split())
    escaped = _SIGNS.sub(r"\\\g<0>", line)
    return _LINE_START.sub(lambda m: f"{m[1] or ''}\\{m[2] or m[3]}", escaped)


def _finalize(value: Any) -> Markup:
    if isinstance(value, Markup):
        return value
    if isinstance(value, Undefined):
        return Markup(str(value))  # raises, with the reason
    if isinstance(value, _Unsayable):
        return Markup(value.__html__())
    if isinstance(value, str):
        return Markup(escape_markdown(value))
    if isinstance(value, (tuple, list)):
        raise TemplateRuntimeError("a list is printed with `| listed`, or item by item")
    return Markup(escape_markdown(str(value)))


def _texts(items: Any) -> list[str]:
    return [str(_finalize(item)) for item in ([items] if isinstance(items, str) else items)]


def _paragraphs(text: Any) -> Markup:
    if isinstance(text, _Unsayable):
        text.__html__()
    blocks = re.split(r"\n\s*\n", clean(str(text)))
    return Markup("\n\n".join(escape_markdown(block) for block in blocks if block.strip()))


@pass_environment
def _marks(environment: Environment, value: Any, *ids: str) -> Markup:
    """The value as those content elements."""
    start, end = "".join(mark("+", id) for id in ids), "".join(mark("-", id) for id in reversed(ids))
    listed = environment.filters["listed"]
    text = listed(value) if isinstance(value, (tuple, list)) else _finalize(value)
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
        return _marks(context.environment, context[name], *ids)
    return _marks(context.environment, Markup(f"{mark('(')}{_finalize(context['not_yet'])}{mark(')')}"), *ids)


@pass_context
def _says(context: Context, id: str) -> _Value:
    _need_context(context, "says()")
    return _text(context[_SAYS].get(id, ""))


@pass_context
def _owed_besides(context: Context, handled: Iterable[str]) -> list[str]:
    _need_context(context, "owed_besides()")
    elements = load_vocabulary().elements
    return [id for id in elements if id in context[_OWED] and id not in set(handled) and not elements[id].form]


@pass_context
def _label_of(context: Context, id: str) -> _Value:
    _need_context(context, "label_of()")
    return _text(context[_LABELS].get(id, id))


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "known": _known, "allowed": _allowed, "owed": _is_owed, "say": _say,
    "says": _says, "owed_besides": _owed_besides, "label_of": _label_of,
}  # fmt: skip
TRANSLATING: Final = ("gettext", "ngettext", "pgettext", "npgettext", "_")
"""What `{% trans %}` and `_("...")` call."""


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


def environment_for(own: Path | None, language: str = SOURCE_LANGUAGE) -> ImmutableSandboxedEnvironment:
    """The environment that fills templates of these folders in that language; made anew when a file of one's own changed."""
    return _environment(own, language, stamp_of(own))


@lru_cache(maxsize=32)
def _environment(own: Path | None, language: str, _stamp: Stamp) -> ImmutableSandboxedEnvironment:
    sandbox = ImmutableSandboxedEnvironment if own is None else BudgetedEnvironment
    environment = sandbox(
        loader=Folders(template_roots(own)),
        extensions=[_Marking, InternationalizationExtension],
        undefined=_Unsaid,
        # Jinja's own escaping is only the carrier: it keeps finished text and values apart, `_Value` and `_finalize` escape.
        autoescape=True,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.clear()
    environment.globals.update(FUNCTIONS)
    for name in ("safe", "xmlattr", "urlize", "tojson", "pprint", "random", "format", "map", "attr"):
        environment.filters.pop(name, None)
    _translate(environment, language, own)
    wording = wording_for(language, own=own)

    def listed(items: Any) -> Markup:
        return Markup(wording.join(_texts(items)))

    environment.filters |= {"listed": listed, "paragraphs": _paragraphs, "marks": _marks}
    if isinstance(environment, BudgetedEnvironment):
        environment.count_all()
    return environment


_PRINTED = re.compile(r"%(?:%|\(\w+\)s)")


def _plainly_printed(text: str) -> str:
    """The sentence. Any other way to print a value in it would go round `_Value`, or pad it to gigabytes."""
    if "%" in _PRINTED.sub("", text):
        raise TemplateRuntimeError(
            f"'{text[:60]}': a sentence prints a value as %(name)s and a percent sign as %%, in no other way"
        )
    return text


def _translate(environment: ImmutableSandboxedEnvironment, language: str, own: Path | None) -> None:
    words = catalogue(language, own)

    def gettext(text: str) -> str:
        return _plainly_printed(translated(language, ("", text), words))

    def pgettext(context: str, text: str) -> str:
        return _plainly_printed(translated(language, (context, text), words))

    def ngettext(*_: object) -> str:
        raise TemplateRuntimeError("write a sentence for one and a sentence for many instead of a plural form")

    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        gettext, ngettext, newstyle=True, pgettext=pgettext
    )
    environment.globals["_"] = environment.globals["gettext"]


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
    if isinstance(problem, RecursionError):
        text = "calls or includes itself without end, or is nested too deeply"
    where = Fault(frames[-1].filename, frames[-1].lineno, text) if frames else Fault(name, None, text)
    raise BadFile([where]) from problem
