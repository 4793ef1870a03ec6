"""The words of what never happened, before names and in JSON."""

from __future__ import annotations

import pytest

from breachkit.domain import marks


@pytest.mark.parametrize(
    ("invented", "exercise", "word"),
    [(False, None, ""), (True, None, "INVENTED"), (True, "open-folder", "EXERCISE"), (False, "", "EXERCISE")],
)
def test_an_exercise_is_called_one_before_it_is_called_invented(invented: bool, exercise: str | None, word: str) -> None:
    assert marks.word(invented, exercise) == word
    assert marks.before_name(invented, exercise) == (f"{word}-" if word else "")
    line = {"": "", "INVENTED": "made up", "EXERCISE": marks.EXERCISE}[word]
    assert marks.line(invented, exercise, "made up") == line


def test_json_has_the_key_for_an_exercise_alone() -> None:
    assert marks.in_json(False, None) == {"invented": False}
    assert marks.in_json(True, None) == {"invented": True}
    assert marks.in_json(True, "open-folder") == {"invented": True, "exercise": "open-folder"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("open-folder", "open-folder"),
        ("**Open** folder_1", "Open- folder-1"),
        ("a\nb<c>", "a-b-c"),
        ("𒀀", ""),
        ("x" * 90, "x" * 60),
    ],
)
def test_a_name_is_shown_in_signs_every_page_can_hold(name: str, shown: str) -> None:
    assert marks.printed_name(name) == shown


def test_the_word_across_the_page_is_what_a_banner_begins_with() -> None:
    assert marks.word_of(marks.EXERCISE) == "EXERCISE"
    assert marks.word_of("ÜBUNG - EXERCISE - ÜBUNG: nichts davon ist geschehen") == "ÜBUNG"
