"""Puts the laws and the vocabulary into the wheel in the form breachkit reads fastest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileHook(BuildHookInterface[Any]):
    """Runs when a wheel is built: checks every law and compiles it. A law file with a fault stops the build."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the compiled files beside the build and name them for the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from breachkit.content import shipped
            from breachkit.content.laws import law_files, law_table
            from breachkit.content.yamlfile import to_json
        finally:
            sys.path.pop(0)
        folder = Path(self.directory) / "compiled"
        folder.mkdir(parents=True, exist_ok=True)
        for base, files, make in (
            (shipped.LAWS, law_files(shipped.LAWS), law_table),
            (shipped.VOCABULARY, sorted(shipped.VOCABULARY.rglob("*.yaml")), to_json),
        ):
            made = folder / f"{base.name}.json"
            made.write_bytes(shipped.compiled_file(files, base, make))
            build_data["force_include"][str(made)] = f"breachkit/{base.name}/{shipped.COMPILED}"
