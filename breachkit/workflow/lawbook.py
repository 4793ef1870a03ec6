"""The law library as a person reads it: laws found by name or place, counted, and told whole.

How the duties of a law read is in law_lines.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from breachkit.content.laws import SHIPPED, load_laws
from breachkit.domain.findings import Finding
from breachkit.domain.law import Directory, LawPack, Regime, RegimeKind
from breachkit.domain.vocabulary import Vocabulary
from breachkit.errors import UnknownName
from breachkit.workflow import law_words
from breachkit.workflow.law_lines import Book, Line, embargo_lines, several


def find(pack: LawPack, which: str) -> tuple[Regime, str]:
    """The regime of that id, or that has the duty or embargo of that id, and the id. UnknownName with the nearest ones."""
    wanted = which.split("@")[0]
    for regime in pack.regimes:
        if wanted == regime.id or wanted in _ids(regime):
            return regime, wanted
    raise UnknownName("law", which, [regime.id for regime in pack.regimes] + [id for r in pack.regimes for id in _ids(r)])


def _ids(regime: Regime) -> list[str]:
    return [duty.id for duty in regime.duties] + [embargo.id for embargo in regime.embargoes]


def listed(regimes: Iterable[Regime], words: Vocabulary, place: str | None, kind: RegimeKind | None) -> list[Regime]:
    """The regimes by place: those of a place, of its parts and of what it lies in, and of a kind. UnknownName for no place."""
    code = words.place(place) if place is not None else None
    found = [
        regime
        for regime in regimes
        if (kind is None or regime.kind == kind)
        and (code is None or words.within(regime.place, code) or words.within(code, regime.place))
    ]
    return sorted(found, key=lambda regime: (regime.place.split("-")[0], regime.place, regime.id))


def pack_words(finding: Finding) -> str:
    """That a finding rests on a pack of one's own, and that it stands in place of a shipped law; empty for a shipped one."""
    if finding.pack == SHIPPED or finding.regime.startswith(("promise.", "contract.")):
        return ""
    over = any(regime.id == finding.regime for regime in load_laws())
    version = f" {finding.pack_version}" if finding.pack_version else ""
    instead = f", in place of breachkit's own {finding.regime}" if over else ""
    return f"your own pack '{finding.pack}'{version}{instead}"


def counted(regimes: Sequence[Regime]) -> str:
    """`174 regimes with 524 duties`."""
    duties = sum(len(regime.duties) for regime in regimes)
    one = "regime" if len(regimes) == 1 else "regimes"
    return f"{len(regimes)} {one} with {duties} {'duty' if duties == 1 else 'duties'}"


def summary(regimes: Sequence[Regime]) -> str:
    """How many there are, of which kinds, and how sure their texts are."""
    kinds = Counter(regime.kind.replace("_", " ") for regime in regimes)
    rows = Counter(version.confidence for regime in regimes for duty in regime.duties for version in duty.versions)
    said = [", ".join(f"{number} {name}" for name, number in one.most_common()) or "none" for one in (kinds, rows)]
    return f"{counted(regimes)} - {said[0]}; their texts: {said[1]}"


def explain(regime: Regime, which: str, words: Vocabulary, directory: Directory, today: date) -> Iterator[Line]:
    """The law in lines. Texts that have ended are told in the history of their duty."""
    yield from _head(regime, words)
    book = Book(regime, words, directory, today)
    duties = [duty for duty in regime.duties if which in (regime.id, duty.id)]
    for duty in duties:
        yield Line()
        yield from book.duty(duty)
    for embargo in regime.embargoes:
        if which in (regime.id, embargo.id):
            yield Line()
            yield from embargo_lines(embargo, words)
    yield from book.recipients(duties)


def _head(regime: Regime, words: Vocabulary) -> Iterator[Line]:
    name = f"{regime.title} ({regime.id})"
    first = {
        "no_general_duty": "NO GENERAL DUTY to report a breach is known here: ",
        "unknown": "NOT KNOWN whether there is a duty to report a breach: ",
    }
    yield Line(first.get(regime.kind, "") + name, heading=True)
    yield Line("information, not legal advice: check the act before relying on a row", "caution")
    yield Line(f"{law_words.KINDS[regime.kind]}, {words.place_name(regime.place)} ({regime.place})", "kind")
    if regime.covers:
        yield Line(f"people in {', '.join(words.place_name(place) for place in regime.covers)}", "covers")
    holidays = f", with the holidays of {words.place_name(regime.calendar)}" if regime.calendar else ""
    yield Line(f"counted in {regime.zone}{holidays}", "days")
    yield Line(law_words.cites([regime.source]), "source")
    yield Line(f"last compared with its source on {regime.reviewed}", "reviewed")
    yield Line(regime.pack, "pack")
    yield from several("notes", regime.notes)
