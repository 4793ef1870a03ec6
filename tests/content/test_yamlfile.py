"""YAML that cannot surprise: scalars stay text, lines are known, and what could harm is refused before it costs anything."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from breachkit.content.yamlfile import MAX_BYTES, Items, Lines, Reader, parse_yaml, read_yaml
from breachkit.errors import BadFile, Fault


def refused(text: str | bytes) -> str:
    with pytest.raises(BadFile) as problem:
        parse_yaml(text, "facts.yaml")
    return str(problem.value)


@pytest.mark.parametrize(
    "text",
    [
        "NO",
        "ON",
        "no",
        "yes",
        "off",
        "true",
        "012",
        "0x1F",
        "1e3",
        "12:30",
        "2026-11-20",
        "2026-11-20T22:15:00+01:00",
        "1.50",
        "+1",
        "=",
    ],
)
def test_a_plain_scalar_stays_the_text_that_was_written(text: str) -> None:
    assert parse_yaml(f"a: {text}\nb: [{text}]\n{text}: c", "x") == {"a": text, "b": [text], text: "c"}


def test_a_time_with_its_zone_in_brackets_needs_no_quotes() -> None:
    assert parse_yaml("aware_at: 2026-11-20T22:15:00+01:00[Europe/Brussels]", "x") == {
        "aware_at": "2026-11-20T22:15:00+01:00[Europe/Brussels]"
    }


@pytest.mark.parametrize(
    ("text", "read"), [("", None), ("~", None), ("null", None), ("''", ""), ('"null"', "null"), ("Null", "Null")]
)
def test_only_the_plain_forms_of_null_mean_nothing(text: str, read: str | None) -> None:
    assert parse_yaml(f"a: {text}", "x") == {"a": read}


def test_every_key_and_item_knows_its_line() -> None:
    found = parse_yaml("# a comment\na: 1\nb:\n  - x\n\n  - {c: 2}\n", "x")
    assert (found.line, found.line_of("a"), found.line_of("b"), found.line_of("missing")) == (2, 2, 3, 2)
    items = found["b"]
    assert isinstance(items, Items)
    assert (items.line, items.lines) == (4, [4, 6])
    assert isinstance(items[1], Lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: 2\na: 3", "facts.yaml line 3: 'a' is said twice (first in line 1); keep one"),
        ("x: {a: 1, a: 2}", "facts.yaml line 1: 'a' is said twice"),
        ("a: &one [1]\nb: *one", "facts.yaml line 2: aliases (*name) are not read; write the value out"),
        ("a: *nobody", "line 1: aliases (*name) are not read"),
        ("base: &b {x: 1}\nmore:\n  <<: *b", "line 3: aliases (*name) are not read"),
        ("? [a, b]\n: c", "line 1: a key must be plain text"),
        ("{a: {[b]: c}}", "line 1: a key must be plain text"),
        ("a: 1\ngröße: 2", "line 2: 'größe': a key is an id and is written in ASCII"),
        ("- a\n- b", "line 1: must be a mapping of `key: value` lines"),
        ("just text", "line 1: must be a mapping"),
        ("", "line 1: must be a mapping"),
        ("# only a comment", "line 1: must be a mapping"),
        ("a: 1\n---\nb: 2", "line 2: holds more than one document (---); keep one"),
        ("a: [1", "is not valid YAML"),
        ("a: b: c", "line 1: is not valid YAML"),
        ("\ta: 1", "line 1: is not valid YAML"),
        ("a: 'x", "is not valid YAML"),
        ("a: \x00", "is not valid YAML"),
        ("a: \x1b[2J", "is not valid YAML"),
        ("a: \ud800", "is not UTF-8 text"),
        (b"a: \xff\xfe", "facts.yaml: is not UTF-8 text (byte 3)"),
        ("a: 1".encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (b"", "must be a mapping"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_the_file_the_line_and_why(text: str | bytes, said: str) -> None:
    assert said in refused(text)


def test_all_faults_are_shown_at_once() -> None:
    assert refused("a: 1\na: 2\nb: 1\nb: *x").count("\n") == 2


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1", "x") == {"a": "1"}


def test_windows_line_ends_are_read_and_counted() -> None:
    found = parse_yaml(b"a: 1\r\nb: 2\r\n", "x")
    assert found == {"a": "1", "b": "2"}
    assert found.line_of("b") == 2


def test_a_tag_is_refused_and_builds_nothing(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    with pytest.raises(BadFile, match="line 2: tags"):
        parse_yaml(f"a: !!python/object/apply:os.mkdir ['{witness}']\nb: !!int '7'", "x")
    assert not witness.exists()


def laughs() -> str:
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    for name, before in zip("bcdefghi", "abcdefgh", strict=True):
        lines.append(f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (laughs(), "aliases (*name) are not read"),
        ("a: &a [*a]", "aliases (*name) are not read"),
        ("a: " + "[" * 100_000, "is nested too deeply"),
        ("a: " + "[" * 100_000 + "]" * 100_000, "is nested too deeply"),
        ("a: " + "{a: " * 100_000, "is nested too deeply"),
        ("a:\n " + "- " * 100_000 + "x", "is nested too deeply"),
        ("? " * 100_000, "is nested too deeply"),
        ("a: " + "x" * MAX_BYTES, f"is larger than {MAX_BYTES} bytes"),
    ],
    ids=["laughs", "itself", "open lists", "lists", "mappings", "dashes", "questions", "huge"],
)
def test_a_bomb_is_refused_quickly(text: str, said: str) -> None:
    begun = time.perf_counter()
    assert said in refused(text)
    assert time.perf_counter() - begun < 2


def test_forty_levels_are_enough_for_anybody() -> None:
    assert parse_yaml("a: " + "[" * 39 + "]" * 39, "x")
    assert "is nested too deeply" in refused("a: " + "[" * 41 + "]" * 41)


def test_a_file_that_is_not_there_is_an_error_of_the_file(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "missing.yaml", "No such file"), (tmp_path, "cannot be read")):
        with pytest.raises(BadFile, match=said):
            read_yaml(path)


def test_a_file_that_is_too_large_is_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a" * (MAX_BYTES + 1))
    with pytest.raises(BadFile, match=f"is larger than {MAX_BYTES} bytes"):
        read_yaml(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind: [a]", "line 1: 'kind' must be text"),
        ("kind: frst", "line 1: unknown kind 'frst'; did you mean 'first'?"),
        ("kind: zzz", "line 1: unknown kind 'zzz'; write one of first, second"),
        ("kind: first\nflag: maybe", "line 2: 'flag' takes yes or no, not 'maybe'"),
        ("kind: first\nmany: {a: b}", "line 2: 'many' must be a list of texts such as [a, b]"),
        ("kind: first\nrows: text", "line 2: 'rows' must be a list"),
        ("kind: first\nrows: [text]", "an entry of 'rows' must be a mapping"),
        ("kind: first\ninside: text", "'inside' must be a mapping"),
        ("kind: first\nflagg: yes", "line 2: unknown key 'flagg'; did you mean 'flag'?"),
        ("kind: first\nqqq: yes", "line 2: unknown key 'qqq'; known here: flag, inside, kind, many, rows"),
        ("flag: yes", "'kind' is missing"),
    ],
)
def test_a_reader_names_what_is_wrong_and_the_nearest_right_name(text: str, said: str) -> None:
    faults: list[Fault] = []
    reader = Reader(parse_yaml(text, "f.yaml"), "f.yaml", faults)
    reader.choice("kind", ("first", "second"))
    reader.flag("flag")
    reader.texts("many")
    list(reader.mappings("rows"))
    reader.inner("inside")
    reader.finish()
    assert said in "\n".join(map(str, faults))


def test_a_reader_of_a_good_mapping_finds_no_fault() -> None:
    faults: list[Fault] = []
    reader = Reader(parse_yaml("kind: second\nflag: yes\nmany: one\nrows: [{a: b}]\ninside: {c: d}", "f"), "f", faults)
    assert reader.choice("kind", ("first", "second")) == "second"
    assert reader.flag("flag") is True
    assert reader.texts("many") == ("one",)
    assert [row.text("a") for row in reader.mappings("rows")] == ["b"]
    assert (inner := reader.inner("inside")) is not None
    assert inner.text("c") == "d"
    reader.finish()
    assert faults == []
