"""`SECURITY.md` names the tests that try what it promises: each is there, and each file of attacks is named."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_test_that_the_threat_model_names_is_there_and_every_attack_is_named() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"tests/[\w/]+\.py", text))
    assert {name for name in named if not (ROOT / name).is_file()} == set()
    attacks = {path.relative_to(ROOT).as_posix() for path in Path(__file__).parent.glob("test_*.py")}
    assert attacks - named == {"tests/security/test_threat_model.py"}
