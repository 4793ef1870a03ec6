"""Finding templates, the walls around them, and that every duty's notice can say what the duty asks."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.laws import load_laws
from breachkit.content.shipped import shipped
from breachkit.content.template_language import escape_markdown
from breachkit.content.templates import FAMILIES, fill, find_template, has_template, list_templates, marked_elements
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notice_elements import kinds_of
from breachkit.domain.notices import FORMATS, Notice
from breachkit.errors import BadFile, ExitCode, UsageError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import FACTS, NOW, book, finding

WITH_NOTICES = {"eu.611", "eu.gdpr", "uk.gdpr", "uk.pecr", "us.ca", "us.fcc.64-2011", "us.fl"}
"""The regimes whose notices are written, each duty of theirs. Those of the other laws have none yet: the next piece of work."""
SHARED = ("owner", "cra")
"""Duties of a state of the United States that are served by a template all states share."""


def shares(duty: str) -> bool:
    """Whether it is such a duty."""
    return re.fullmatch(rf"us\.[a-z]{{2}}\.({'|'.join(SHARED)})", duty) is not None


DUTIES = {duty.id: duty for regime in load_laws() for duty in regime.duties}
WRITTEN = sorted(duty.id for regime in load_laws() for duty in regime.duties if regime.id in WITH_NOTICES or shares(duty.id))
UNWRITTEN = sorted(DUTIES.keys() - set(WRITTEN))


def elements_of(duty: str) -> list[str]:
    """Each element any of its texts can ask for."""
    found = set()
    for version in DUTIES[duty].versions:
        found |= {*version.content, *version.late_content, *(id for some in version.content_if for id in some.elements)}
    return sorted(found)


def test_the_list_of_laws_with_notices_is_whole() -> None:
    folders = {path.name for path in (shipped("templates") / "notices").iterdir()}
    assert folders == WITH_NOTICES | {"us", "promise", "contract"}
    assert {regime.id for regime in load_laws()} > WITH_NOTICES


@pytest.mark.parametrize("duty", WRITTEN)
def test_every_duty_of_a_law_with_notices_has_one(duty: str) -> None:
    assert has_template(duty)
    assert find_template(duty)


@pytest.mark.parametrize(("duty", "element"), [(duty, element) for duty in WRITTEN for element in elements_of(duty)])
def test_a_notice_can_say_each_thing_its_duty_asks(duty: str, element: str) -> None:
    assert kinds_of(element, load_vocabulary()) & marked_elements(find_template(duty))


def test_a_duty_whose_notice_is_not_written_yet_says_so_and_where_ones_own_would_lie() -> None:
    assert len(UNWRITTEN) > len(WRITTEN)
    for duty in UNWRITTEN:
        assert not has_template(duty)
        with pytest.raises(UsageError) as problem:
            find_template(duty)
        assert problem.value.exit_code == ExitCode.USAGE
        assert f"there is no notice for {duty} yet" in str(problem.value)


def test_ones_own_template_serves_a_duty_that_has_none_shipped(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"notices/us\.hipaa/individuals\.en\.md\.j2"):
        find_template("us.hipaa.individuals", own=tmp_path)
    own = own_template(tmp_path, "# Mine\n", "notices/us.hipaa/individuals.en.md.j2")
    assert find_template("us.hipaa.individuals", own=own) == "notices/us.hipaa/individuals.en.md.j2"
    assert has_template("us.hipaa.individuals", own=own)


# -- finding -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "template"),
    [
        ("eu.gdpr.33", "notices/eu.gdpr/33.en.md.j2"),
        ("eu.gdpr.33.update", "notices/eu.gdpr/33.update.en.md.j2"),
        ("us.fcc.64-2011.agencies", "notices/us.fcc.64-2011/agencies.en.md.j2"),
        ("us.fl.owner", "notices/us/owner.en.md.j2"),
        ("us.fl.cra", "notices/us/cra.en.md.j2"),
        ("promise.example-co.users-72h", "notices/promise/promise.en.md.j2"),
        ("contract.example-co.agencies", "notices/contract/contract.en.md.j2"),
    ],
)
def test_a_duty_finds_its_template(duty: str, template: str) -> None:
    assert find_template(duty) == template


@pytest.mark.parametrize("duty", ["us.hipaa.owner", "us.fl.unheard-of", "xx.nothing.1"])
def test_a_duty_without_a_template_stops_with_a_message(duty: str) -> None:
    with pytest.raises(UsageError, match="there is no notice for"):
        find_template(duty)


def test_a_language_without_a_template_names_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no notice for eu.gdpr.33 in 'es'; there is one in en\.") as problem:
        find_template("eu.gdpr.33", "es")
    assert problem.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("duty", ["../../etc/passwd", "eu.gdpr/33", "eu..gdpr", "", "eu.gdpr.33\n", "a.\\x"])
def test_a_duty_id_is_no_path(duty: str) -> None:
    with pytest.raises(UsageError):
        find_template(duty)


@pytest.mark.parametrize("language", ["../en", "e/n", "en.md", "*", ""])
def test_a_language_is_no_path(language: str) -> None:
    with pytest.raises(UsageError, match="is not a language"):
        find_template("eu.gdpr.33", language)


def test_all_templates_are_listed_with_languages_and_formats() -> None:
    entries = {entry.duty: entry for entry in list_templates()}
    assert entries["eu.gdpr.33"].template == "notices/eu.gdpr/33.<language>.md.j2"
    assert entries["eu.gdpr.33"].languages == ("en",)
    assert entries["eu.gdpr.33"].formats == FORMATS
    assert {"us.*.owner", "us.*.cra", "promise.*", "contract.*"} <= set(entries)


def test_every_shared_template_exists_and_every_file_is_a_template() -> None:
    root = shipped("templates")
    assert not [where for _, where in FAMILIES if not (root / f"{where}.en.md.j2").is_file()]
    assert not [path.name for path in root.rglob("*") if path.is_file() and not path.name.endswith(".en.md.j2")]


def test_no_template_writes_a_number_of_a_law() -> None:
    for path in (shipped("templates") / "notices").rglob("*.j2"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("Art.", "Article", "section 1", "72 hours", "GDPR", "Stat.") if word in text], path


# -- the user's own folder -----------------------------------------------------------------------------------------------


def own_template(tmp_path: Path, text: str, name: str = "notices/eu.gdpr/33.en.md.j2") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def filled(own: Path | None, language: str = "en", **changes: Any) -> Notice:
    context = notice_context(book(FACTS, **changes), finding("eu.gdpr.33"), organisation_name="Example Co", now=NOW, draft=True)
    return fill(context, language, own)


def refused(tmp_path: Path, text: str, **changes: Any) -> str:
    with pytest.raises(BadFile) as problem:
        filled(own_template(tmp_path, text), **changes)
    return str(problem.value)


def test_an_own_template_stands_before_the_shipped_one(tmp_path: Path) -> None:
    own = own_template(tmp_path, "# Mine\n\n{{ title }}\n")
    assert filled(own).title == "Mine"
    assert filled(None).title == "Report of a personal data breach"
    assert next(entry for entry in list_templates(own) if entry.duty == "eu.gdpr.33").own


def test_an_own_template_adds_a_language(tmp_path: Path) -> None:
    own = own_template(tmp_path, "# Informe\n", "notices/eu.gdpr/33.es.md.j2")
    assert (filled(own, "es").title, filled(own, "es").language) == ("Informe", "es")
    assert next(e for e in list_templates(own) if e.duty == "eu.gdpr.33").languages == ("en", "es")


def test_an_own_template_may_include_shipped_parts(tmp_path: Path) -> None:
    notice = filled(own_template(tmp_path, '# Mine\n\n{% include "shared/report-data.en.md.j2" %}\n'))
    assert "about 4100" in notice.elements["count_people"]


def test_a_changed_template_has_another_hash(tmp_path: Path) -> None:
    one = filled(own_template(tmp_path, "# One\n")).template_sha256
    assert filled(own_template(tmp_path, "# Two\n")).template_sha256 != one


# -- walls ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title.__class__.__init__.__globals__ }}",
        "{{ known.__globals__ }}",
        "{{ kinds.append('x') }}",
        "{{ title.format_map }}{{ '{0.__class__}'.format(title) }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    ],
)
def test_the_sandbox_holds(tmp_path: Path, attack: str) -> None:
    text = refused(tmp_path, f"# Mine\n\n{attack}\n")
    assert text.startswith("notices/eu.gdpr/33.en.md.j2 line 3: ")


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "shared/../../secret.txt", "..\\secret.txt"])
def test_an_include_cannot_leave_the_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    own = tmp_path / "own"
    with pytest.raises(BadFile, match="in no template folder"):
        filled(own_template(own, "{% include '" + name.replace("\\", "\\\\") + "' %}\n"))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    own = own_template(tmp_path / "own", "{% include 'shared/x.en.md.j2' %}\n")
    (own / "shared").mkdir()
    (own / "shared" / "x.en.md.j2").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(BadFile, match="in no template folder"):
        filled(own)


def test_a_part_is_named_in_quotes(tmp_path: Path) -> None:
    assert "line 1: names a part" in refused(tmp_path, "{% include title %}\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n{{ titel }}\n", "line 2: unknown value 'titel'; did you mean 'title'"),
        ("a\n\n{{ loss }}\n", "line 3: 'loss' is not known here; ask `known('loss')`"),
        ("{% if known('titel') %}x{% endif %}\n", "line 1: unknown value 'titel'"),
        ('a\n{% element "natur" %}x{% endelement %}\n', "line 2: element: unknown content element 'natur'; did you mean"),
        ("{{ say('title', 'natur') }}\n", "line 1: unknown content element 'natur'"),
        ("a\n{% if %}\n", "line 2: "),
        ('{% element "nature" %}x\n', "line 1: "),
        ("a\n{{ categories }}\n", "line 2: a list is printed with `| listed`"),
        ("{{ title | safe }}\n", "line 1: No filter named 'safe'"),
        ("{{ range(9) }}\n", "line 1: unknown value 'range'"),
        ("{{ 1 // 0 }}\n", "line 1: "),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    assert f"notices/eu.gdpr/33.en.md.j2 {words}" in refused(tmp_path, text)


def test_a_fault_in_a_part_names_the_part(tmp_path: Path) -> None:
    own_template(tmp_path, "x\n\n{{ nothing_such }}\n", "shared/part.en.md.j2")
    assert "shared/part.en.md.j2 line 3: " in refused(tmp_path, "{% include 'shared/part.en.md.j2' %}\n")


def test_a_template_that_is_not_text_is_refused(tmp_path: Path) -> None:
    own = own_template(tmp_path, "x")
    (own / "notices/eu.gdpr/33.en.md.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(BadFile, match="is not UTF-8"):
        filled(own)


# -- values --------------------------------------------------------------------------------------------------------------


def test_jinja_in_a_fact_prints_literally() -> None:
    assert "{{7\\*7}} {% raw %}" in filled(None, incident__summary="{{7*7}} {% raw %}").source


@pytest.mark.parametrize(
    "way",
    ["{{ title }}", "{{ title ~ '' }}", "{{ [title, title] | join(', ') }}", "{{ title | upper }}",
     "{% set x %}{{ title }}{% endset %}{{ x }}",
     "{% macro m(v) %}{{ v }}{% endmacro %}{{ m(title) }}", "{% macro m(v) %}x{% endmacro %}{{ m(1) ~ title }}",
     "{{ title | marks('nature') }}", "{{ [title] | listed }}", "{{ title | paragraphs }}", "{{ say('title') }}"],
)  # fmt: skip
def test_no_way_of_printing_a_value_goes_round_the_escape(tmp_path: Path, way: str) -> None:
    source = filled(own_template(tmp_path, f"a {way} b\n"), incident__title="**X** [A](HTTP://E) <B>").source
    assert "**" not in source.replace("\\*", "")
    assert "[" not in source.replace("\\[", "")
    assert "<" not in source.replace("\\<", "").replace("&lt;", "")


def test_escape_leaves_ordinary_words_alone() -> None:
    text = "O'Neill & Sons (2026): 50% of it, e-mail a.b@example.com; see https://example.com/x?y=1!"
    assert escape_markdown(text) == text
