"""Values cannot be changed: the engine runs on sample incidents under an interpreter that refuses every change."""

from __future__ import annotations

import subprocess
import sys

ENGINE = """
import dataclasses
from breachkit.content.organisations import sample_path
from breachkit.domain.logic import TRUE
from breachkit.domain.quick import QuickJudge
from breachkit.content.laws import load_pack
from breachkit.workflow import contract
from breachkit.workflow.subjects import answer, subject_of_file
from breachkit.workflow.workspace import Workspace, read_moment
space = Workspace(reading_now=read_moment("2026-11-22T09:00Z"))
for name in ("callgenie", "example-co", "innexum", "innovat", "intnet-iq", "inum"):
    found = answer(subject_of_file(sample_path(name)), space)
    contract.duties(found)
    QuickJudge(load_pack(), found.assessment.now.date()).judge(found.subject.book)
try:
    TRUE.holds = False
except dataclasses.FrozenInstanceError:
    print("refused")
"""


def test_the_engine_changes_no_value() -> None:
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-c", ENGINE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "refused"


def test_equal_values_are_one_in_a_set_and_show_their_fields() -> None:
    from breachkit.domain.periods import Days, Hours

    assert len({Days(3), Days(3), Hours(3)}) == 2
    assert repr(Days(3)) == "Days(number=3)"
