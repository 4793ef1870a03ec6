"""Opens every duty's notice as DOCX in LibreOffice, compares the words, and looks at its PDF: `python benchmarks/open_all.py`.

It needs the `test` extra, `soffice` and `pdfinfo`.
`--languages` does the same for every language a notice can be written in.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from breachkit.content.templates import languages_of
from breachkit.documents import render
from breachkit.domain.notices import Notice
from tests.documents.every_duty import duties, kind_of, notice_of, raw_facts_of
from tests.documents.formats import words_of
from tests.documents.made_up import book


def notices(every_language: bool) -> Iterator[tuple[str, Notice]]:
    """Every duty's notice on an incident of which everything is known."""
    for id in duties():
        for language in languages_of(id, kind_of(id)) if every_language else ("en",):
            facts = book({**raw_facts_of(id), "incident.language": language})
            yield f"{id}.{language}", notice_of(id, language, facts=facts)


def main() -> int:
    """Print how many opened and how many differ; 1 when one does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--languages", action="store_true", help="every language, not English alone")
    every = dict(notices(parser.parse_args().languages))
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made = {name: render(notice, "docx") for name, notice in every.items()}
        for name, data in made.items():
            (folder / f"{name}.docx").write_bytes(data)
        files = sorted(folder.glob("*.docx"))
        for start in range(0, len(files), 100):  # it gives up on some hundred files in one call
            subprocess.run(
                ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
                 "txt:Text (encoded):UTF8", "--outdir", str(folder / "text"), *map(str, files[start : start + 100])],
                check=True, capture_output=True,
            )  # fmt: skip
        differ = [name for name in made if not same_in_office(every[name], made[name], folder / "text" / f"{name}.txt")]
        differ += [f"{name} (PDF)" for name, notice in every.items() if not opens_as_pdf(notice, folder)]
    print(f"{len(made)} notices as DOCX and PDF; LibreOffice opened all DOCX files, {len(differ)} say something else")
    print("\n".join(differ))
    return 1 if differ else 0


def same_in_office(notice: Notice, data: bytes, text: Path) -> bool:
    """Whether LibreOffice reads the words that were written."""
    read = text.read_text(encoding="utf-8-sig").replace("\u2022", " ").replace("\u2013", " ")
    return words_of(notice, "text", read) == words_of(notice, "docx", data)


def opens_as_pdf(notice: Notice, folder: Path) -> bool:
    """Whether poppler finds the notice's title in its PDF, and that it is tagged."""
    path = folder / "notice.pdf"
    path.write_bytes(render(notice, "pdf"))
    told = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
    return f"{notice.title}" in told.replace("\u2019", "'") and "Tagged:          yes" in told


if __name__ == "__main__":
    sys.exit(main())
