"""What may go out which way: nothing of an exercise or an invented incident but into a folder."""

from __future__ import annotations

from typing import Any

import pytest

from breachkit.domain.transports import KINDS, permit
from breachkit.errors import Refused, UnknownName


@pytest.mark.parametrize("invented", [False, True])
@pytest.mark.parametrize("exercise", [None, "open-folder", ""])
@pytest.mark.parametrize("kind", KINDS)
def test_only_the_folder_takes_what_never_happened(kind: Any, invented: bool, exercise: str | None) -> None:
    if kind == "folder" or (not invented and exercise is None):
        permit(kind, invented=invented, exercise=exercise)
        return
    with pytest.raises(Refused, match="nothing of it happened, so nothing of it goes out by smtp, whatever is set"):
        permit(kind, invented=invented, exercise=exercise)


def test_the_refusal_names_the_exercise() -> None:
    with pytest.raises(Refused, match="this is the exercise 'open-folder'"):
        permit("smtp", invented=True, exercise="open-folder")


def test_the_refusal_of_an_invented_incident_says_that_it_is_one() -> None:
    with pytest.raises(Refused, match="this incident is invented"):
        permit("smtp", invented=True, exercise=None)


def test_a_way_out_that_there_is_not_is_refused_for_everything() -> None:
    wrong: Any = "sendmail"
    with pytest.raises(UnknownName, match="folder, smtp"):
        permit(wrong, invented=False, exercise=None)
