"""Finding templates, the walls around them, and that every duty's notice can say what the duty asks."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from breachkit.content.catalogues import LANGUAGES, TranslationMissing
from breachkit.content.families import families
from breachkit.content.shipped import shipped
from breachkit.content.template_language import escape_markdown
from breachkit.content.templates import fill, find_template, languages_of, list_templates
from breachkit.content.vocabulary import load_vocabulary
from breachkit.content.wordings import wording_for
from breachkit.domain.factbook import FactBook
from breachkit.domain.notice_context import notice_context
from breachkit.domain.notices import FORMATS, Notice
from breachkit.errors import BadFile, ExitCode, UsageError

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the made-up incident is kept beside the documents' tests
from documents.made_up import FACTS, NOW, book, finding

RULES = "format: breachkit/notice-families@1\nfamilies:\n"

# -- finding -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("duty", "template"),
    [
        ("eu.gdpr.33", "notices/general/report.md.j2"),
        ("eu.gdpr.33.withdrawal", "notices/general/withdrawal.md.j2"),
        ("us.fcc.64-2011.agencies", "notices/us.fcc.64-2011/agencies.md.j2"),
        ("us.fl.owner", "notices/us/owner.md.j2"),
        ("us.fl.cra", "notices/us/cra.md.j2"),
        ("promise.example-co.users-72h", "notices/promise/promise.md.j2"),
        ("contract.example-co.agencies", "notices/contract/contract.md.j2"),
        ("world.br-lgpd.individuals", "notices/world/letter.md.j2"),
    ],
)
def test_a_duty_finds_its_template(duty: str, template: str) -> None:
    assert find_template(duty) == template


@pytest.mark.parametrize("duty", ["us.hipaa.owner", "us.fl.unheard-of", "xx.nothing.1"])
def test_a_duty_without_a_template_stops_with_a_message(duty: str) -> None:
    with pytest.raises(UsageError, match="there is no notice for"):
        find_template(duty)


def test_a_language_named_in_an_own_files_name_is_the_only_one_it_has(tmp_path: Path) -> None:
    own = own_template(tmp_path, "# Eget\n", "notices/xx.law/1.da.md.j2")
    assert languages_of("xx.law.1", "authority", own) == ("da",)
    with pytest.raises(UsageError, match=r"no notice for xx.law.1 in 'es'; there is one in da\.") as problem:
        find_template("xx.law.1", "es", own)
    assert problem.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("duty", ["../../etc/passwd", "eu.gdpr/33", "eu..gdpr", "", "eu.gdpr.33\n", "a.\\x"])
def test_a_duty_id_is_no_path(duty: str) -> None:
    with pytest.raises(UsageError):
        find_template(duty)


@pytest.mark.parametrize("language", ["../en", "e/n", "en.md", "*", ""])
def test_a_language_is_no_path(language: str) -> None:
    with pytest.raises(UsageError, match="is not a language"):
        find_template("eu.gdpr.33", language)


def test_all_duties_are_listed_with_languages_and_formats() -> None:
    entries = {entry.duty: entry for entry in list_templates([("eu.gdpr.33", "authority"), ("xx.none.1", "authority")])}
    assert set(entries) == {"eu.gdpr.33"}
    assert entries["eu.gdpr.33"].template == "notices/general/report.md.j2"
    assert entries["eu.gdpr.33"].languages[0] == "en"
    assert entries["eu.gdpr.33"].formats == FORMATS


def test_every_rule_leads_to_a_template_and_every_file_is_a_template_or_a_catalogue() -> None:
    root = shipped("templates")
    assert not [rule for rule in families() if not (root / f"notices/{rule.template}.md.j2").is_file()]
    others = {path.name for path in root.rglob("*") if path.is_file() and not path.name.endswith(".md.j2")}
    kept = {"families.yaml", "messages.pot", *(f"{language}.po" for language in LANGUAGES[1:])}
    assert others - {path.name for path in (root / "worksheets").glob("*.yaml")} == kept


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("format: x\n", "is not of the format breachkit/notice-families@1"),
        ("format: breachkit/notice-families@1\nfamilies:\n  - {duties: a}\n", "family 1 needs 'duties' and 'template'"),
        (
            "format: breachkit/notice-families@1\nfamilies:\n  - {duties: a, template: b, to: mars}\n",
            "'to' is one of authority",
        ),
    ],
)
def test_a_file_of_rules_that_is_wrong_is_refused_with_its_remedy(tmp_path: Path, text: str, words: str) -> None:
    own = own_template(tmp_path, text, "notices/families.yaml")
    with pytest.raises(BadFile, match=words):
        families(own)


def test_own_rules_come_before_the_shipped_ones(tmp_path: Path) -> None:
    own_template(tmp_path, "# Mine\n", "notices/mine.md.j2")
    rules = RULES + '  - {duties: "us.??.cra", template: mine}\n'
    assert find_template("us.fl.cra", own=own_template(tmp_path, rules, "notices/families.yaml")) == "notices/mine.md.j2"


# -- languages -----------------------------------------------------------------------------------------------------------

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def in_spanish(tmp_path: Path, catalogue: str, text: str = "{% trans %}Good day.{% endtrans %}\n") -> Notice:
    own_template(tmp_path, PO + catalogue, "languages/es.po")
    return filled(own_template(tmp_path, text), "es")


def test_a_sentence_is_said_in_the_notices_language(tmp_path: Path) -> None:
    assert in_spanish(tmp_path, 'msgid "Good day."\nmsgstr "Buenos días."\n').source == "Buenos días.\n"


@pytest.mark.parametrize(
    "catalogue",
    ["", 'msgid "Good day, all."\nmsgstr "Buenos días."\n', '#, fuzzy\nmsgid "Good day."\nmsgstr "Buenos días."\n'],
)
def test_a_sentence_without_a_translation_that_is_current_stops_the_notice(tmp_path: Path, catalogue: str) -> None:
    with pytest.raises(TranslationMissing, match=r"no Spanish yet for 'Good day\.'.*languages/es\.po"):
        in_spanish(tmp_path, catalogue)


def test_words_outside_trans_are_in_no_other_language(tmp_path: Path) -> None:
    own = own_template(tmp_path, "Good day.\n")
    assert languages_of("eu.gdpr.33", "authority", own) == ("en",)
    with pytest.raises(TranslationMissing, match=r"notices/eu.gdpr/33.md.j2 line 1: Good day\."):
        filled(own, "es")


def test_a_catalogue_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="is no gettext catalogue"):
        in_spanish(tmp_path, "msgid nothing\n")


SUMMARY = "{{ summary }}{% trans %}Good day.{% endtrans %}\n"
GREETING = 'msgid "Good day."\nmsgstr "Buenos días."\n'


def test_peoples_own_sentences_are_never_left_in_another_language(tmp_path: Path) -> None:
    with pytest.raises(TranslationMissing, match=r"'incident\.summary' is written in en; record translated\.es\."):
        in_spanish(tmp_path, GREETING, SUMMARY)


def test_all_sentences_a_notice_may_need_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(TranslationMissing, match=r"It may need these too: .*translated\.es\.measures\.taken"):
        in_spanish(tmp_path, GREETING, SUMMARY)


def test_a_recorded_translation_stands_in_the_notice(tmp_path: Path) -> None:
    own_template(tmp_path, PO + GREETING, "languages/es.po")
    own = own_template(tmp_path, SUMMARY)
    assert filled(own, "es", translated__es__incident__summary="Se vio una carpeta.").source.startswith("Se vio una carpeta.")
    assert "A folder with" in filled(own, "es", incident__language="es").source


def test_a_translation_older_than_what_it_translates_stops_the_notice(tmp_path: Path) -> None:
    own_template(tmp_path, PO + GREETING, "languages/es.po")
    own = own_template(tmp_path, SUMMARY)
    facts = dict(book(FACTS, translated__es__incident__summary="Se vio una carpeta.").facts)
    for key, hour in (("incident.summary", 2), ("translated.es.incident.summary", 1)):
        facts[key] = replace(facts[key], recorded_at=datetime(2026, 11, 21, hour, tzinfo=UTC))
    context = notice_context(
        FactBook(facts, load_vocabulary()), finding("eu.gdpr.33"), organisation_name="Example Co", now=NOW, draft=True,
        wording=wording_for("es"),
    )  # fmt: skip
    with pytest.raises(TranslationMissing, match=r"changed after translated\.es\.incident\.summary was written"):
        fill(context, "es", own)


def test_a_value_of_the_vocabulary_without_a_label_in_that_language_stops_the_notice(tmp_path: Path) -> None:
    context = notice_context(
        book(FACTS), finding("eu.gdpr.33"), organisation_name="Example Co", now=NOW, draft=True, wording=wording_for("da")
    )
    with pytest.raises(TranslationMissing, match="no da yet for 'Name'"):
        fill(context, "da", own_template(tmp_path, "{{ categories | listed }}\n", "notices/eu.gdpr/33.da.md.j2"))


def test_no_template_writes_a_number_of_a_law() -> None:
    for path in (shipped("templates") / "notices").rglob("*.j2"):
        text = path.read_text(encoding="utf-8")
        assert not [word for word in ("Art.", "Article", "section 1", "72 hours", "GDPR", "Stat.") if word in text], path


# -- the user's own folder -----------------------------------------------------------------------------------------------


def own_template(tmp_path: Path, text: str, name: str = "notices/eu.gdpr/33.md.j2") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def filled(own: Path | None, language: str = "en", **changes: Any) -> Notice:
    context = notice_context(
        book(FACTS, **changes), finding("eu.gdpr.33"), organisation_name="Example Co", now=NOW, draft=True,
        wording=wording_for(language),
    )  # fmt: skip
    return fill(context, language, own)


def refused(tmp_path: Path, text: str, **changes: Any) -> str:
    with pytest.raises(BadFile) as problem:
        filled(own_template(tmp_path, text), **changes)
    return str(problem.value)


def test_an_own_template_stands_before_the_shipped_one(tmp_path: Path) -> None:
    own = own_template(tmp_path, "# Mine\n\n{{ title }}\n")
    assert filled(own).title == "Mine"
    assert filled(None).title == "Report of a personal data breach"
    assert next(entry for entry in list_templates([("eu.gdpr.33", "authority")], own) if entry.duty == "eu.gdpr.33").own


def test_an_own_template_adds_a_language(tmp_path: Path) -> None:
    own = own_template(tmp_path, "# Informe\n", "notices/eu.gdpr/33.es.md.j2")
    assert (filled(own, "es").title, filled(own, "es").language) == ("Informe", "es")
    assert "es" in list_templates([("eu.gdpr.33", "authority")], own)[0].languages


def test_an_own_template_may_include_shipped_parts(tmp_path: Path) -> None:
    notice = filled(own_template(tmp_path, '# Mine\n\n{% include "shared/report-data.md.j2" %}\n'))
    assert "about 4,100" in notice.elements["count_people"]


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
    assert text.startswith("notices/eu.gdpr/33.md.j2 line 3: ")


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/passwd", "shared/../../secret.txt", "..\\secret.txt"])
def test_an_include_cannot_leave_the_folders(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    own = tmp_path / "own"
    with pytest.raises(BadFile, match="in no template folder"):
        filled(own_template(own, "{% include '" + name.replace("\\", "\\\\") + "' %}\n"))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    own = own_template(tmp_path / "own", "{% include 'shared/x.md.j2' %}\n")
    (own / "shared").mkdir()
    (own / "shared" / "x.md.j2").symlink_to(tmp_path / "secret.txt")
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
    assert f"notices/eu.gdpr/33.md.j2 {words}" in refused(tmp_path, text)


def test_a_fault_in_a_part_names_the_part(tmp_path: Path) -> None:
    own_template(tmp_path, "x\n\n{{ nothing_such }}\n", "shared/part.md.j2")
    assert "shared/part.md.j2 line 3: " in refused(tmp_path, "{% include 'shared/part.md.j2' %}\n")


def test_a_template_that_is_not_text_is_refused(tmp_path: Path) -> None:
    own = own_template(tmp_path, "x")
    (own / "notices/eu.gdpr/33.md.j2").write_bytes(b"\xff\xfe")
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
