"""Ways out of the template sandbox, from an organisation's own templates, its translations and the facts themselves.

Those that `tests/content/test_templates.py` and `tests/acceptance/test_notices_own_templates.py` try are not tried again here.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from breachkit.content.templates import fill
from breachkit.errors import BadFile
from tests.acceptance.test_notices_own_templates import context_of
from tests.cli.conftest import Run
from tests.security.conftest import Facts

NAME = "notices/eu.gdpr/33.md.j2"
NOT_THERE = "unknown value"
BARRED = "does something templates may not"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An organisation's own folder, in use."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("BREACHKIT_HOME", str(folder))
    return folder


def put(own: Path, text: str, name: str = NAME) -> None:
    """A file in the own folder."""
    path = own / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


ESCAPES = {
    "the class, by brackets": ("{{ title['__class__'] }}", BARRED),
    "the class, by the filter attr": ("{{ title | attr('__class__') }}", "No filter named 'attr'"),
    "the class, by map": ("{{ [title] | map(attribute='__class__') | list }}", "No filter named 'map'"),
    "the class, by sort": ("{{ [title, title] | sort(attribute='__class__.__name__') | join }}", BARRED),
    "the class, by unique": ("{{ [title] | unique(attribute='__class__') | list }}", BARRED),
    "the class, by join": ("{{ [title] | join(',', attribute='__class__') }}", BARRED),
    "the class, by groupby": ("{% for a, b in [title] | groupby('__class__') %}{{ a.__mro__ }}{% endfor %}", BARRED),
    "the class, by selectattr": ("{{ [title] | selectattr('__class__') | list }}", BARRED),
    "the class, by rejectattr": ("{{ [title] | rejectattr('__class__.__base__') | list }}", BARRED),
    "format, by brackets": ("{{ '{0.__class__}'['format'](title) }}", BARRED),
    "format_map": ("{{ '{a.__class__}'.format_map({'a': title}) }}", BARRED),
    "format of escaped text": ("{{ (title | e).format(title) }}", BARRED),
    "the filter format": ("{{ '%999999999s' | format('x') }}", "No filter named 'format'"),
    "a pattern of escaped text": ("{{ (title | e) % title }}", BARRED),
    "cycler": ("{{ cycler.__init__.__globals__ }}", NOT_THERE),
    "joiner": ("{{ joiner.__init__.__globals__ }}", NOT_THERE),
    "lipsum": ("{{ lipsum.__globals__['os'].popen('id').read() }}", NOT_THERE),
    "namespace": ("{{ namespace(a=1).a }}", NOT_THERE),
    "dict": ("{{ dict(a=1) }}", NOT_THERE),
    "the values' own names": ("{{ _owed | list }}", NOT_THERE),
    "a private value": ("{{ _filling }}", NOT_THERE),
    "the template's reference to itself": ("{{ self._TemplateReference__context }}", BARRED),
    "a block's reference": ("{% block b %}{{ self.b._context.environment }}{% endblock %}", BARRED),
    "a loop's iterator": ("{% for x in [1] %}{{ loop._iterator }}{% endfor %}", BARRED),
    "a loop's globals": ("{% for x in [1] %}{{ loop.cycle.__func__.__globals__ }}{% endfor %}", BARRED),
    "a macro's environment": ("{% macro m() %}{% endmacro %}{{ m._environment }}", BARRED),
    "a macro's function": ("{% macro m() %}{% endmacro %}{{ m._func.__globals__ }}", BARRED),
    "what is undefined": ("{% if title.nothing is undefined %}{{ title.nothing._undefined_obj.__class__ }}{% endif %}", BARRED),
    "what is undefined, its globals": ("{{ title.nothing._fail_with_undefined_error.__globals__ }}", BARRED),
    "the translating function": ("{{ _.__globals__ }}", BARRED),
    "an attribute set": ("{% set title.x = 1 %}", "cannot assign attribute"),
    "bytes": ("{{ title.encode('utf-16') }}", BARRED),
    "a table for characters": ("{{ title.translate({101: 'x'}) }}", BARRED),
    "tags that are not there": ("{% do title.append(1) %}", "unknown tag"),
    "the debugger": ("{% debug %}", "unknown tag"),
    "an import by its absolute path": ("{% import '/etc/passwd' as x %}{{ x }}", "in no template folder"),
    "a macro from outside": ("{% from '../secret.txt' import a %}", "in no template folder"),
    "a parent from outside": ("{% extends '/etc/passwd' %}", "in no template folder"),
    "one of several parts": ("{% include ['../secret.txt', '/etc/passwd'] %}", "names a part that is not a plain text"),
    "a part that may be missing": ("{% include '../secret.txt' ignore missing %}", "in no template folder"),
    "a part with a NUL in its name": ("{% include 'shared/x\\0.md.j2' %}", "in no template folder"),
    "a sentence that pads": ("{{ _('%(title)9999999999s', title=title) }}", "in no other way"),
    "a sentence with digits": ("{{ _('%(a)09999999999d', a=1) }}", "in no other way"),
    "a sentence with a width of its own": ("{{ _('%*s', title=title) }}", "in no other way"),
    "a sentence that prints a value raw": ("{{ _('%(title)r', title=title) }}", "in no other way"),
    "a sentence that prints all values raw": ("{{ _('%s', title=title) }}", "in no other way"),
    "a sentence with a context": ("{{ pgettext('x', '%(title)a', title=title) }}", "in no other way"),
    "a sentence that asks for what it was not given": ("{{ _('%(_owed)s') }}", "'_owed'"),
    "a pair of sentences": ("{{ ngettext('a', 'b', 2) }}", "instead of a plural form"),
    "a mark of another element": ("{{ title | marks('nature\\x03\\x02+evil') }}", "unknown content element"),
}  # fmt: skip


@pytest.mark.parametrize(("attack", "said"), ESCAPES.values(), ids=ESCAPES.keys())
def test_a_template_of_ones_own_does_not_leave_the_sandbox(tmp_path: Path, own: Path, attack: str, said: str) -> None:
    (tmp_path / "secret.txt").write_text("SECRET", encoding="utf-8")
    put(own, f"# Mine\n\n{attack}\n")
    with pytest.raises(BadFile) as problem:
        fill(context_of("eu.gdpr.33"), "en", own)
    assert said in str(problem.value)
    assert "SECRET" not in str(problem.value)


def test_a_command_says_what_a_template_tried_in_one_line(run: Run, facts: Facts, own: Path) -> None:
    put(own, "# Mine\n\n{{ title.__class__ }}\n")
    ran = run("notice", "render", "eu.gdpr.33", "--facts", facts(), code=3)
    assert f"{NAME} line 3: {BARRED}" in ran.err
    assert (ran.out, len(ran.err.splitlines())) == ("", 1)


CATALOGUE = (
    'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    'msgid "What happened: %(title)s"\nmsgstr "{}"\n'
)  # fmt: skip


@pytest.mark.parametrize(
    "translation",
    ["%(title)9999999999s", "%(title)r", "%(title)a", "%s", "%(title)-9999999999s", "100% sicher"],
)
def test_a_translation_prints_values_as_its_template_does_and_in_no_other_way(
    run: Run, facts: Facts, own: Path, translation: str
) -> None:
    put(own, "# {% trans title=title %}What happened: {{ title }}{% endtrans %}\n")
    put(own, CATALOGUE.format(translation), "languages/es.po")
    began = time.monotonic()
    said = run("notice", "render", "eu.gdpr.33", "--lang", "es", "--facts", facts(), code=3).err
    assert f"'{translation}': a sentence prints a value as %(name)s" in said
    assert time.monotonic() - began < 5


def test_a_translation_that_says_what_its_sentence_says_is_taken(run: Run, facts: Facts, own: Path) -> None:
    put(own, "# {% trans title=title %}What happened: {{ title }}{% endtrans %}\n")
    put(own, CATALOGUE.format("Al 100%% ocurrio esto: %(title)s"), "languages/es.po")
    ran = run(
        "notice", "render", "eu.gdpr.33", "--lang", "es", "--facts", facts(incident__language="es", incident__title="**x**")
    )
    assert "# Al 100% ocurrio esto: \\*\\*x\\*\\*" in ran.out


@pytest.mark.parametrize("name", ["../../secret"])
def test_a_family_of_templates_names_only_templates_of_the_folders(
    run: Run, facts: Facts, tmp_path: Path, own: Path, name: str
) -> None:
    (tmp_path / "secret.md.j2").write_text("secret", encoding="utf-8")
    put(
        own,
        f'format: breachkit/notice-families@1\nfamilies:\n  - {{duties: eu.gdpr.33, template: "{name}"}}\n',
        "notices/families.yaml",
    )
    said = run("notice", "render", "eu.gdpr.33", "--facts", facts(), code=3).err
    assert "is in no template folder" in said


HOSTILE = (
    "{{ 7*7 }}{% include '/etc/passwd' %}{# x #} %(title)s {0.__class__} ${x} #{x} <script>alert(1)</script> "
    "[a](javascript:alert(1)) ![b](https://evil.invalid/p.png) <https://evil.invalid> \x02+nature\x03 \ue000name\ue001 # x"
)


@pytest.mark.parametrize("language", ["en", "es", "de"])
def test_no_fact_is_a_template_a_pattern_a_mark_or_markup(run: Run, facts: Facts, language: str) -> None:
    path = facts(
        incident__language=language,
        incident__title=HOSTILE,
        incident__summary=HOSTILE,
        measures__taken=HOSTILE,
        consequences=HOSTILE,
    )
    page = run("notice", "render", "eu.gdpr.33", "--lang", language, "--facts", path, "--format", "html").out
    assert "{{ 7*7 }}{% include '/etc/passwd' %}" in page.replace("&#x27;", "'").replace("&#39;", "'")
    assert "%(title)s {0.__class__}" in page
    assert not re.findall(r"<(?:script|img)|(?:href|src)=\"(?!mailto:|https://(?!evil))[^\"]*", page)
    assert "evil.invalid" not in "".join(re.findall(r"<a [^>]*>", page))
    assert not set("\x02\x03\ue000\ue001") & set(page)


def test_an_own_catalogue_cannot_reword_what_says_that_a_document_is_no_real_one(run: Run, facts: Facts, own: Path) -> None:
    words = ("DRAFT - not approved, not to be sent", "INVENTED INCIDENT - FOR EXERCISE OR EXAMPLE ONLY")
    entries = "".join(f'\nmsgctxt "wording"\nmsgid "{word}"\nmsgstr "FINAL"\n' for word in words)
    put(own, CATALOGUE.format("x") + entries, "languages/es.po")
    path = facts(incident__invented="yes", incident__language="es")
    for format in ("md", "html"):
        page = run("notice", "render", "eu.gdpr.33", "--lang", "es", "--facts", path, "--format", format).out
        assert "FINAL" not in page
        assert "BORRADOR" in page
        assert "INVENTADO" in page
