"""What a question is about: an incident of the journal, or a facts file that needs no database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachkit.content.calendars import calendar_for
from breachkit.content.factsfile import load_facts_file, make_fact, parse_facts
from breachkit.content.laws import MANIFEST, Laws, laws_in_use, replayed
from breachkit.content.organisations import read_profile
from breachkit.content.vocabulary import load_directory, load_vocabulary
from breachkit.domain.drafts import Setting
from breachkit.domain.duties import assess
from breachkit.domain.factbook import FactBook
from breachkit.domain.facts import Fact
from breachkit.domain.findings import Assessment, Finding
from breachkit.domain.incident import Incident, fold
from breachkit.domain.journal import Entry, canonical
from breachkit.domain.law import LawPack, PackSource, Regime
from breachkit.domain.organisation import Organisation, commitments_as_regimes
from breachkit.errors import Refused, UnknownName, UsageError
from breachkit.workflow.workspace import Workspace

if TYPE_CHECKING:
    from breachkit.storage.journal import Journal

INVENTED: Final = "incident.invented"


@dataclass(frozen=True)
class Subject:
    """The facts of one incident, and whose they are."""

    name: str
    """`INC-1`, or the facts file's path."""
    book: FactBook
    organisation: Organisation | None
    incident: Incident | None = None
    """None for a facts file."""
    entries: tuple[Entry, ...] = ()

    @property
    def title(self) -> str:
        """What it is called."""
        return self.book.text("incident.title") or self.name

    @property
    def exercise(self) -> str | None:
        """The exercise it belongs to, by name; None outside of one."""
        return self.incident.exercise if self.incident is not None else None

    @property
    def invented(self) -> bool:
        """Whether nothing of it happened (design decision 16); also true of an exercise, whatever facts say."""
        fact = self.book.get(INVENTED)
        return self.exercise is not None or (fact is not None and fact.value is True)

    @property
    def organisation_name(self) -> str:
        """Whose incident it is, in words."""
        return self.organisation.name if self.organisation else self.book.text("organisation.name") or "the organisation"


@dataclass(frozen=True)
class Answer:
    """A subject and what the laws say of it."""

    subject: Subject
    assessment: Assessment

    def finding(self, id: str) -> Finding:
        """The finding of that id, or the only one of that duty. UnknownName or UsageError otherwise."""
        findings = self.assessment.findings
        if (exact := self.assessment.find(id)) is not None:
            return exact
        same = [finding for finding in findings if finding.duty == id]
        if len(same) == 1:
            return same[0]
        if same:
            raise UsageError(f"{id} is owed to several recipients; name one: {', '.join(finding.id for finding in same)}")
        raise UnknownName("duty", id, [finding.id for finding in findings] + [finding.duty for finding in findings])


def read_fact(key: str, raw: object) -> Fact:
    """A fact as the journal holds it."""
    return make_fact(key, raw, load_vocabulary())


def subject_of_file(path: Path | None, *, text: bytes | str = "") -> Subject:
    """A facts file as a subject; `text` instead of a path for what came through a pipe."""
    held = parse_facts(text, "standard input") if path is None else load_facts_file(path)
    return Subject(str(path or "standard input"), FactBook(held.all_facts, load_vocabulary()), held.organisation)


def known_incidents(journal: Journal) -> list[str]:
    """Incident ids, oldest first."""
    return journal.incidents()


def subject_of_incident(journal: Journal, id: str, workspace: Workspace) -> Subject:
    """An incident of the journal, as of the workspace's `as_of`. UnknownName with the nearest ones when there is none."""
    entries = tuple(journal.entries(id, as_of=workspace.as_of))
    if not entries:
        known = journal.incidents()
        if id in known and workspace.as_of is not None:
            raise UsageError(f"nothing of {id} was recorded by {workspace.as_of.isoformat()}; name a later --as-of")
        raise UnknownName("incident", id, known, hint="" if known else "(the journal holds none yet)")
    return subject_of_entries(id, entries, journal.exercise)


def subject_of_entries(id: str, entries: Sequence[Entry], exercise: str | None = None) -> Subject:
    """An incident as these entries tell it. `exercise`: the one whose database holds them; it marks them whatever they say."""
    incident = fold(id, entries, read_fact)
    if exercise is not None and incident.exercise is None:
        incident = replace(incident, exercise=exercise)
    organisation = _organisation(canonical(dict(incident.profile)), f"{id} entry 1") if incident.profile else None
    facts = {**(organisation.facts if organisation else {}), **incident.facts, **_marking(incident)}
    return Subject(id, FactBook(facts, load_vocabulary()), organisation, incident, tuple(entries))


@lru_cache(maxsize=32)
def _organisation(profile: bytes, file: str) -> Organisation:
    """A profile as an incident holds it; the same one is read once."""
    return read_profile(json.loads(profile), file)


def _marking(incident: Incident) -> dict[str, Fact]:
    """`incident.invented: yes` for an exercise in which nobody recorded it, or somebody said no: its mark is the older."""
    held = incident.facts.get(INVENTED)
    if incident.exercise is None or (held is not None and held.value is True):
        return {}
    said = read_fact(INVENTED, {"value": True, "source": f"exercise {incident.exercise}"})
    return {INVENTED: replace(said, recorded_at=incident.opened_at)}


def laws_for(organisation: Organisation | None, workspace: Workspace) -> Laws:
    """The laws in use, with the organisation's promises and contracts among them."""
    folders = workspace.law_folders
    if organisation is None:
        return laws_in_use(folders)
    return laws_in_use(folders, commitments(organisation), organisation.profile)


def kept_laws(journal: Journal, hash: str, organisation: Organisation | None) -> LawPack:
    """The laws an earlier answer was given on, by the hash it names (or its beginning). UnknownName when none was kept."""
    kept = journal.law_packs()
    found = [sha for sha in kept if sha.startswith(hash) and kept_manifest(journal, sha) is not None]
    if len(found) != 1:
        names = [sha for sha in kept if kept_manifest(journal, sha) is not None]
        several = f"; {len(found)} begin so" if found else ""
        held = f"the journal keeps {', '.join(sha[:12] for sha in names)}" if names else "the journal keeps none yet"
        raise UnknownName("law pack", hash, found or names, hint=f"({held}{several})")
    parts = {sha: content for sha in kept if (content := journal.law_pack(sha)) is not None}
    pack = replayed(parts[found[0]], parts)
    extra = commitments(organisation) if organisation is not None else ()
    profile = next((line.split()[1] for line in parts[found[0]].decode().splitlines() if line.startswith("profile ")), "")
    promised = {regime.pack: PackSource(regime.pack, "", profile) for regime in extra}
    return replace(pack, regimes=(*pack.regimes, *extra), sources={**pack.sources, **promised})


def kept_manifest(journal: Journal, sha: str) -> bytes | None:
    """The manifest kept under that hash; None when something else lies there."""
    content = journal.law_pack(sha)
    return content if content is not None and content.startswith(MANIFEST.encode()) else None


def commitments(organisation: Organisation) -> tuple[Regime, ...]:
    """What an organisation promised and contracted, as laws."""
    words = load_vocabulary()
    main = organisation.facts.get("organisation.main_establishment")
    place = words.places.get(str(main.value)) if main is not None else None
    reviewed = max((one.dated for one in organisation.commitments if one.dated), default=date.min)
    return commitments_as_regimes(organisation, place.zone if place else "UTC", reviewed)


def answer(
    subject: Subject,
    workspace: Workspace,
    *,
    law_date: date | None = None,
    what_if: Mapping[str, object] | None = None,
    pack: LawPack | None = None,
) -> Answer:
    """Judge every duty on the subject's facts, with `what_if` facts laid over them for this one answer.

    `pack` are the laws to judge by, such as those kept with an earlier answer; None: those in use now.
    """
    if what_if:
        supposed = {key: replace(read_fact(key, raw), source="what if") for key, raw in what_if.items()}
        if subject.invented and (mark := supposed.get(INVENTED)) is not None and mark.value is not True:
            raise Refused(f"{subject.name} is invented, and that is never supposed otherwise; leave {INVENTED} out")
        subject = replace(subject, book=FactBook({**subject.book.facts, **supposed}, subject.book.words))
    laws = pack or laws_for(subject.organisation, workspace).pack
    setting = Setting(laws, load_directory(), calendar_for, workspace.now, law_date)
    return Answer(subject, assess(subject.book, setting))
