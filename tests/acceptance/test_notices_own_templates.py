"""Templates of an organisation's own that would run for ever or fill the memory: refused with file and line, and soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from breachkit.content.templates import fill, find_template
from breachkit.content.wordings import wording_for
from breachkit.documents.render import render
from breachkit.domain.notice_context import NoticeContext, notice_context
from breachkit.domain.notices import FORMATS
from breachkit.errors import BadFile, BadValue
from tests.cli.conftest import Run
from tests.documents.every_duty import duties, facts_of, finding_of, kind_of
from tests.documents.made_up import NOW
from tests.workflow.made_up_people import FACTS

MANY = f"[{', '.join('1' for _ in range(1000))}]"
LISTS = "{% set a = [1, 1] %}" + "{% set a = [a, a] %}" * 40
ENDLESS = "without end, or is nested too deeply"


def context_of(duty: str) -> NoticeContext:
    return notice_context(
        facts_of(duty), finding_of(duty), organisation_name="Example Co", now=NOW, draft=True,
        wording=wording_for("en", american=duty.startswith("us.")),
    )  # fmt: skip


def own_folder(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own" / "notices" / "eu.gdpr" / "33.md.j2"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


BOMBS = {
    "a text times a number": ('{{ "x" * 10 ** 9 }}', "small numbers only"),
    "a power": ("{{ 10 ** 10 ** 8 }}", "small numbers only"),
    "a number of thousands of digits": (f"{{{{ {'9' * 5000} }}}}", "4300 digits"),
    "a width in a format": ('{{ "%01000000000d" % 1 }}', "small numbers only"),
    "a width in another format": ('{{ "{:>1000000000}".format(1) }}', "'format'"),
    "a padded text": ("{{ title.ljust(1000000000) }}", "'ljust'"),
    "a filter that pads": ('{{ "x" | center(1000000000) }}', "center"),
    "a filter that indents": ('{{ "x\ny" | indent(1000000000) }}', "indent"),
    "a filter that counts to a number": ('{{ "abc" | slice(1000000000) | list | length }}', "slice"),
    "bytes of a number": ('{{ (5).to_bytes(1000000000, "big") }}', "to_bytes"),
    "doubling with ~": ('{% set a = "xx" %}' + "{% set a = a ~ a %}" * 40 + "{{ a }}", "too much text"),
    "doubling with +": ('{% set a = "xx" %}' + "{% set a = a + a %}" * 40 + "{{ a }}", "small numbers only"),
    "doubling with blocks": ("{% set a %}xx{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40, "too much text"),
    "doubling with replace": ('{% set a = "xxxxxxxx" %}' + '{% set a = a.replace("x", "xxxxxxxx") %}' * 20, "too much text"),
    "doubling with join": ('{% set a = "xxxxxxxx" %}' + "{% set a = a | join(a) %}" * 8, "too much text"),
    "lists in lists, printed": (LISTS + "{{ a | string }}", "too much text"),
    "loops in loops": (f"{{% for a in {MANY} %}}{{% for b in {MANY} %}}{{% endfor %}}{{% endfor %}}", "too long"),
    "a loop that prints": (f"{{% for a in {MANY} %}}{{% for b in {MANY} %}}{{{{ title }}}}{{% endfor %}}{{% endfor %}}", "too"),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", ENDLESS),
    "macros that call many": (
        "{% macro m0() %}x{% endmacro %}"
        + "".join(f"{{% macro m{n}() %}}{f'{{{{ m{n - 1}() }}}}' * 10}{{% endmacro %}}" for n in range(1, 12))
        + "{{ m11() }}",
        "too long",
    ),
    "a part that includes itself": ('{% include "notices/eu.gdpr/33.md.j2" %}', ENDLESS),
    "a template that extends itself": ('{% extends "notices/eu.gdpr/33.md.j2" %}', ENDLESS),
    "a loop that calls itself": ("{% for a in [1] recursive %}{{ loop([1, 2]) }}{% endfor %}", ENDLESS),
    "brackets in brackets": (f"{{{{ {'(' * 5000}1{')' * 5000} }}}}", ENDLESS),
    "conditions in conditions": ("{% if 1 %}" * 3000 + "{% endif %}" * 3000, ENDLESS),
    "a file of megabytes": ("x" * 300_000, "larger than"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BOMBS.values(), ids=BOMBS.keys())
def test_a_template_that_uses_up_time_or_memory_is_refused_soon(tmp_path: Path, text: str, says: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadFile, match=r"notices/eu\.gdpr/33\.md\.j2") as problem:
        fill(context_of("eu.gdpr.33"), "en", own_folder(tmp_path, text))
    assert says in str(problem.value)
    assert time.monotonic() - began < 30, "seconds on a slow machine, not for ever"


def test_comparing_lists_in_lists_is_counted_too(tmp_path: Path) -> None:
    other = LISTS.replace("set a", "set b").replace("[a, a]", "[b, b]")
    with pytest.raises(BadFile, match="too much text"):
        fill(context_of("eu.gdpr.33"), "en", own_folder(tmp_path, LISTS + other + "{{ a == b }}"))


def test_what_a_letter_needs_is_still_there(tmp_path: Path) -> None:
    text = (
        "# {{ title | upper }}\n\n"
        "{% for one in categories %}{{ loop.index + 1 }} {{ one | lower ~ '!' }}"
        "{% if loop.length % 2 %}.{% endif %} {% endfor %}\n\n"
        "{{ categories | join('; ') }} {{ title[:8] }} {{ title.replace('a', 'b') if title.startswith('E') }}\n"
    )
    source = fill(context_of("eu.gdpr.33"), "en", own_folder(tmp_path, text)).source
    assert "# EXPORTED CONVERSATIONS" in source
    assert "2 name!. 3 telephone number!. 4 content of messages!." in source
    assert "Name; Telephone number; Content of messages Exported Exported conversbtions" in source


def test_every_shipped_template_is_filled_alike_with_and_without_counting(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    first = {find_template(id, kind=kind_of(id)): id for id in reversed(duties())}
    assert len(first) > 30
    for id in first.values():
        context = context_of(id)
        assert fill(context, "en", tmp_path / "own").source == fill(context).source, id


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", ["> " * 5000 + "x", "*" * 5000 + "x" + "*" * 5000])
def test_markdown_that_no_page_can_show_is_refused_in_every_format(tmp_path: Path, format: str, text: str) -> None:
    notice = fill(context_of("eu.gdpr.33"), "en", own_folder(tmp_path, text))
    if format == "md":
        assert text[:50] in render(notice, "md")  # it is its source
    else:
        with pytest.raises(BadValue, match="nested"):
            render(notice, format)


def test_a_command_with_such_a_template_ends_as_with_any_bad_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREACHKIT_HOME", str(own_folder(tmp_path, '{{ "x" * 10 ** 9 }}')))
    (tmp_path / "facts.yaml").write_text(FACTS, encoding="utf-8")
    said = run("notice", "render", "eu.gdpr.33", "--facts", tmp_path / "facts.yaml", code=3).err
    assert said.startswith("breachkit: notices/eu.gdpr/33.md.j2 line 1: does something templates may not")
