"""Writes the tables of README.md and docs/ that come from the program itself, between markers. --check changes nothing.

A table stands between `<!-- table: NAME -->` and `<!-- end of table -->`. With --check, the exit code is 1 when one is stale.
Run it with the Python that breachkit is installed in: python docs/make_tables.py
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import typer

from breachkit.cli.app import COMMANDS
from breachkit.content.laws import load_laws
from breachkit.content.scenarios import load_scenario, scenario_ids
from breachkit.content.vocabulary import load_vocabulary
from breachkit.domain.exercise.scenario import DIFFICULTIES
from breachkit.domain.law import Regime
from breachkit.domain.vocabulary import FactSpec
from breachkit.errors import ExitCode

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "docs/facts-file.md",
    "docs/laws.md",
    "docs/unverified.md",
    "docs/law-files.md",
    "docs/json.md",
    "docs/organisation-profiles.md",
    "docs/exercises.md",
)
_TABLE = re.compile(r"<!-- table: (?P<name>[a-z -]+) -->\n.*?<!-- end of table -->", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in line) + " |" for line in lines)


def commands() -> str:
    """Every command and subcommand with its own first line of help."""
    rows = [["`breachkit`", "The terminal UI."]]
    for name, (module, line) in COMMANDS.items():
        app = getattr(importlib.import_module(f"breachkit.cli.{module}"), f"{name}_app")
        found = typer.main.get_command(app)
        inner = getattr(found, "commands", {})
        rows += [[f"`breachkit {name} {sub}`", _first_line(one.help)] for sub, one in inner.items()]
        if not inner:
            rows.append([f"`breachkit {name}`", _first_line(found.help or line)])
    return table(["command", "what it does"], rows)


def _first_line(help: str | None) -> str:
    text = " ".join((help or "").split("\n\n")[0].split())
    return text if text.endswith(".") else f"{text}."


_PLACES = {
    "Elsewhere in Europe": "AD AL BA GE GG GI IM JE MC MD ME MK RS RU TR UA",
    "Elsewhere in the Americas": "AR BB BM BR CA CL CO CR DO EC JM KY MX PA PE UY",
    "Near East": "AE BH EG IL JO KW OM QA SA",
    "Asia": "CN HK ID IN JP KR KZ LK MY PH SG TH TW VN",
    "Australia and New Zealand": "AU NZ",
    "Africa": "DZ GH KE MA MU NG RW UG ZA ZM ZW",
}
_PARTS = {place: part for part, places in _PLACES.items() for place in places.split()}
"""Where the laws of `laws/world/` belong. A law of a place that is not here stops this script: say where it stands."""
_WHOLE = {
    "eu": "European Union and EEA",
    "uk": "United Kingdom",
    "ch": "Switzerland",
    "us": "United States: federal law and sectors",
    "us general": "United States: states and territories",
}


def _part_of_the_world(regime: Regime) -> str:
    family = regime.id.partition(".")[0]
    return _WHOLE.get(f"{family} {regime.kind}") or _WHOLE.get(family) or _PARTS[regime.place.partition("-")[0]]


def _by_part() -> dict[str, list[Regime]]:
    found: dict[str, list[Regime]] = {name: [] for name in ("European Union and EEA", "United Kingdom", "Switzerland")}
    found |= {name: [] for name in (_WHOLE["us general"], _WHOLE["us"], *sorted(set(_PARTS.values())))}
    for regime in sorted(load_laws(), key=lambda regime: (regime.place, regime.id)):
        found[_part_of_the_world(regime)].append(regime)
    return found


def law_counts() -> str:
    """How many laws are loaded, by part of the world, and how surely their texts in force were read."""
    rows = [_counts(name, regimes) for name, regimes in _by_part().items()]
    return table(["part of the world", "laws", "duties", "texts in force", "other texts"], [*rows, _counts("All", load_laws())])


def laws() -> str:
    """Every regime loaded: how sure its texts are, and when somebody last compared them with the source."""
    parts = []
    for name, regimes in _by_part().items():
        rows = [_law(regime) for regime in regimes]
        head = ["law", "id", "place", "duties", "texts in force", "other texts", "last compared"]
        parts.append(f"### {name}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def unverified() -> str:
    """Every text of a duty that nobody read in a source, or of which something was not read."""
    parts = []
    for name, regimes in _by_part().items():
        rows = [
            [
                f"`{duty.id}`",
                version.version,
                version.status.replace("_", " "),
                version.confidence,
                "; ".join(version.unverified),
            ]
            for regime in regimes
            for duty in regime.duties
            for version in duty.versions
            if version.confidence == "unverified" or version.unverified
        ]
        parts.append(f"### {name}\n\n{table(['duty', 'text', 'force', 'confidence', 'not verified'], rows)}")
    return "\n\n".join(parts)


def _law(regime: Regime) -> list[str]:
    _, _, duties, texts, others = _counts("", [regime])
    place = load_vocabulary().place_name(regime.place)
    return [regime.title, f"`{regime.id}`", place, duties, texts, others, str(regime.reviewed)]


def _counts(name: str, regimes: Sequence[Regime]) -> list[str]:
    duties = [duty for regime in regimes for duty in regime.duties]
    versions = [version for duty in duties for version in duty.versions]
    sure = Counter(version.confidence for version in versions if version.status == "in_force")
    other = Counter(version.status for version in versions if version.status != "in_force")
    counts = ", ".join(f"{sure[word]} {word}" for word in ("verified", "secondary", "unverified") if sure[word])
    others = ", ".join(f"{number} {_FORCE[status]}" for status, number in sorted(other.items()))
    return [name, str(len(regimes)), str(len(duties)), counts or "none", others or "none"]


_FORCE = {"enacted": "enacted", "proposed": "proposed", "unknown": "of unknown force"}


def exit_codes() -> str:
    """The exit codes with the sentence beside each in the code."""
    source = (ROOT / "breachkit" / "errors.py").read_text(encoding="utf-8")
    said = dict(re.findall(r'^    ([A-Z_]+) = \d+\n    """(.+?)"""', source, re.MULTILINE))
    return table(["code", "meaning"], [[str(int(code)), said[code.name]] for code in ExitCode])


def facts() -> str:
    """Every fact key, in the groups of the vocabulary."""
    groups: dict[str, list[FactSpec]] = {}
    for spec in load_vocabulary().facts.values():
        groups.setdefault(spec.group, []).append(spec)
    parts = []
    for group, specs in groups.items():
        rows = [[f"`{spec.key}`", _takes(spec), spec.asks, spec.why] for spec in specs]
        parts.append(f"### {group}\n\n" + table(["key", "takes", "asks", "why it matters"], rows))
    return "\n\n".join(parts)


_TAKES = {
    "instant": "time",
    "count": "count",
    "yes_no": "yes or no",
    "text": "text",
    "duration": "period",
    "place": "place",
    "email": "e-mail address",
    "records": "recorded by a command",
}


def _takes(spec: FactSpec) -> str:
    if spec.choices:
        ids = ", ".join(f"`{choice}`" for choice in spec.choices)
        return f"list of {ids}" if spec.type == "set" else f"one of {ids}"
    if spec.type == "set":
        return f"list of {spec.of.replace('_', ' ')} ids" if spec.of else "list"
    return _TAKES[spec.type]


def categories() -> str:
    """Data categories with what each is a kind of."""
    rows = []
    for one in load_vocabulary().categories.values():
        made = [" or ".join(f"`{id}`" for id in group) for group in one.all_of]
        notes = [f"a kind of {', '.join(f'`{id}`' for id in one.broader)}"] if one.broader else []
        notes += [f"made of {' and '.join(made)}"] if made else []
        notes += [f"any of {', '.join(f'`{id}`' for id in one.any_of)}"] if one.any_of else []
        notes += [{"art9": "special category", "art10": "criminal data"}[one.special]] if one.special else []
        rows.append([f"`{one.id}`", one.label, "; ".join(notes)])
    return table(["id", "data", "notes"], rows)


def starts() -> str:
    """The words a law file uses for when its clock starts."""
    rows = []
    for start in load_vocabulary().starts.values():
        falls = ", ".join(f"`{key}`" for key in start.falls_back)
        rows.append([f"`{start.word}`", start.text, f"`{start.fact}`" if start.fact else "none", falls or "nothing"])
    return table(["word", "the clock runs from", "its own fact", "stands in, provisionally"], rows)


def elements() -> str:
    """The ideas a notice must or must not hold."""
    return table(["id", "idea"], [[f"`{one.id}`", one.label] for one in load_vocabulary().elements.values()])


def sectors() -> str:
    """What an organisation can be, with what that implies."""
    words = load_vocabulary()
    implied = {id: ", ".join(f"`{one}`" for one in words.sector_implies.get(id, ())) for id in words.sectors}
    return table(["id", "sector", "is then also"], [[f"`{id}`", label, implied[id]] for id, label in words.sectors.items()])


def scenarios() -> str:
    """The exercises that come with breachkit, the easy and short ones first."""
    known = [load_scenario(id) for id in scenario_ids()]
    known.sort(key=lambda one: (DIFFICULTIES.index(one.difficulty), one.minutes))
    rows = [
        [f"`{one.id}`", one.difficulty, f"{one.minutes} min", f"`{one.organisation}`", one.title, one.summary] for one in known
    ]
    return table(["id", "", "at the table", "organisation", "title", "what it is about"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "commands": commands,
    "laws": laws,
    "law counts": law_counts,
    "unverified": unverified,
    "exit codes": exit_codes,
    "facts": facts,
    "categories": categories,
    "starts": starts,
    "elements": elements,
    "sectors": sectors,
    "scenarios": scenarios,
}


def with_tables(text: str) -> str:
    """The page with every table written afresh."""

    def fresh(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- table: {name} -->\n\n{TABLES[name]()}\n\n<!-- end of table -->"

    return _TABLE.sub(fresh, text)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; exit 1 when a table is stale")
    check = options.parse_args().check
    stale = []
    for name in PAGES:
        path = ROOT / name
        before = path.read_text(encoding="utf-8")
        after = with_tables(before)
        if after != before:
            stale.append(name)
            if not check:
                path.write_text(after, encoding="utf-8")
    if stale:
        hint = " (python docs/make_tables.py writes them)" if check else ""
        sys.stderr.write(f"{'stale' if check else 'written'}: {', '.join(stale)}{hint}\n")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
