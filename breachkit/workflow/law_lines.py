"""A law's duties and embargoes in labelled lines: the rule, its conditions, content, history, and who receives it.

Lines have no width and no colour; the command line and screens lay them out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from breachkit.domain.conditions import ALWAYS, All, Always, Condition, Role
from breachkit.domain.law import Authority, Directory, Duty, DutyVersion, Embargo, Regime
from breachkit.domain.periods import say_period
from breachkit.domain.vocabulary import Vocabulary
from breachkit.workflow import law_words
from breachkit.workflow.law_changes import rule_changes
from breachkit.workflow.words import STALE


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a law as shown."""

    text: str = ""
    label: str = ""
    depth: int = 0
    """How deep it stands in a tree under its label."""
    heading: bool = False


def several(label: str, texts: Iterable[str]) -> Iterator[Line]:
    """One label for all of them."""
    yield from (Line(f"- {text}", "" if number else label) for number, text in enumerate(texts))


def embargo_lines(embargo: Embargo, words: Vocabulary) -> Iterator[Line]:
    yield Line(f"{embargo.id}: some may not be told earlier", heading=True)
    yield Line(", ".join(embargo.holds), "must wait")
    wait = f"{say_period(embargo.period)} in full after the filing of {embargo.after}"
    yield Line(f"{wait}, with the holidays of {words.place_name(embargo.calendar)}", "how long")
    yield Line(embargo.text, "because")
    yield from _tree("reaches", embargo.scope, words)
    yield from _tree("when", embargo.when, words)
    if embargo.lifted is not None:
        yield from _tree("lifted", embargo.lifted, words)
    yield Line(f"{law_words.cites(embargo.cite)} ({embargo.confidence})", "source")


def _tree(label: str, condition: Condition, words: Vocabulary) -> Iterator[Line]:
    if condition != ALWAYS:
        for number, (depth, text) in enumerate(law_words.tree(condition, words)):
            yield Line(text, "" if number else label, depth)


class Book:
    """Tells the duties of one law, a long condition once."""

    def __init__(self, regime: Regime, words: Vocabulary, directory: Directory, today: date) -> None:
        self.regime, self.words, self.directory, self.today = regime, words, directory, today
        self._told: dict[Condition, str] = {}

    def duty(self, duty: Duty) -> Iterator[Line]:
        """A duty in the texts that apply or may come, and the history of all of them."""
        yield Line(f"{duty.id}: {duty.title}", heading=True)
        texts = sorted(duty.versions, key=_begins)
        shown = [text for text in texts if text.ends_on is None or text.ends_on >= self.today] or texts[-1:]
        for number, version in enumerate(reversed(shown)):
            if number:
                yield Line()
            yield from self._version(version, duty.id)
        yield from self._history(texts)

    def _version(self, version: DutyVersion, duty: str) -> Iterator[Line]:
        yield Line(f"'{version.version}', {law_words.force_words(version)}", "text")
        if (nothing := next((one for one in _settled(version) if one.holds is not True), None)) is None:
            yield from self._rule(version)
            yield from self._conditions(version, duty)
        elif nothing.holds is False:
            yield Line(f"owed to nobody: {nothing.text}", "rule")
        else:
            yield Line(f"not known whether it is owed: {nothing.text}", "rule")
            yield from self._rule(version)
        yield from self._content(version)
        if version.hold is not None:
            yield Line(law_words.hold_words(version.hold), "hold")
        if version.substitute is not None:
            yield from several("other means", law_words.substitute_words(version.substitute))
        if version.extension:
            yield Line(version.extension, "extension")
        yield from several("not verified", version.unverified)
        yield from several("notes", version.notes)
        yield Line(f"{law_words.cites(version.cite)} ({version.confidence})", "source")
        for exemption in version.exempt:
            if exemption.cite and set(exemption.cite) != set(version.cite):
                yield Line(f"of the exemption '{exemption.id}': {law_words.cites(exemption.cite)}", "source")
        yield from several("counting", version.due.steps)

    def _rule(self, version: DutyVersion) -> Iterator[Line]:
        words = self.words
        roles = [part.roles for part in _parts(version.scope) if isinstance(part, Role)]
        who = " or ".join(role.replace("_", " ") for role in (roles[0] if roles else ()))
        yield Line(f"the {who}" if who else "whoever the law reaches", "who")
        yield Line(law_words.recipient_words(version.recipient, self.directory), "tells")
        yield Line(law_words.due_words(version.due, words), "by when")
        for other in version.due_if:
            yield Line(f"where {other.text}: {law_words.due_words(other.due, words)}", "or else")
            if law_words.say(other.when, words) != other.text:
                yield from (Line(text, depth=depth + 1) for depth, text in law_words.tree(other.when, words))
        if version.waits_for:
            lacked = ", for what that filing left out" if version.opens_when == "lacked" else ""
            yield Line(f"only once {' and '.join(version.waits_for)} was filed{lacked}", "after")
        if version.follows:
            yield Line(f"any statute owes a notice to: {version.follows}", "only where")
        if version.where_owed:
            yield Line(f"{version.where_owed} is owed", "only where")

    def _conditions(self, version: DutyVersion, duty: str) -> Iterator[Line]:
        words = self.words
        reach = [part for part in _parts(version.scope) if not isinstance(part, Role)]
        yield from self._once("reaches", reach[0] if len(reach) == 1 else All(tuple(reach)), duty)
        yield from self._once("when", version.when, duty)
        if version.presumed:
            yield Line("taken as owed until the organisation shows otherwise", "burden")
        for exemption in version.exempt:
            yield Line(exemption.text, "unless")
            said = list(law_words.tree(exemption.when, words))
            if said != [(0, exemption.text)]:
                yield from (Line(text, depth=depth + 1) for depth, text in said)
        for replaced in version.replaced:
            where = f" where {law_words.say(replaced.when, words)}" if replaced.when != ALWAYS else ""
            yield Line(f"{replaced.by}{where}{f': {replaced.text}' if replaced.text else ''}", "replaced by")

    def _once(self, label: str, condition: Condition, duty: str) -> Iterator[Line]:
        lines = list(_tree(label, condition, self.words))
        if len(lines) < 3:
            yield from lines
        elif (before := self._told.get(condition)) is not None and before != duty:
            yield Line(f"the same as for {before}", label)
        else:
            self._told[condition] = duty
            yield from lines

    def _content(self, version: DutyVersion) -> Iterator[Line]:
        words = self.words
        if version.content:
            yield Line(law_words.elements(version.content, words), "must say")
        if version.late_content:
            yield Line(f"if late: {law_words.elements(version.late_content, words)}", "must say")
        for some in version.content_if:
            months = f", for at least {some.months} months" if some.months is not None else ""
            yield Line(f"{law_words.elements(some.elements, words)}{months} - only if {some.text}", "only if")
        if version.forbidden:
            yield Line(law_words.elements(version.forbidden, words), "must not say")

    def _history(self, texts: Sequence[DutyVersion]) -> Iterator[Line]:
        """Every text with its dates and what it changed. Nothing for one text without a story."""
        if len(texts) > 1:
            yield Line(f"'{texts[0].version}', {law_words.force_words(texts[0])}", "history")
            for older, newer in pairwise(texts):
                yield Line(f"'{newer.version}', {law_words.force_words(newer)}")
                changed = list(rule_changes(older, newer, self.words))
                yield from (Line(f"- {text}", depth=1) for text in changed or ["no rule changed"])
        for number, told in enumerate(dict.fromkeys(text.history for text in texts if text.history)):
            yield Line(told, "" if number or len(texts) > 1 else "history")

    # -- recipients

    def recipients(self, duties: Sequence[Duty]) -> Iterator[Line]:
        """Every authority that may have to be told, each once: how to reach it, and when somebody last looked."""
        found: dict[str, Authority] = {}
        for version in (version for duty in duties for version in duty.versions):
            found |= {one.id: one for one in self._authorities(version)}
        if found:
            yield Line()
            yield Line("Recipients", heading=True)
        for one in found.values():
            yield Line(f"{one.id}: {one.name}{_own_name(one)}", "to")
            yield Line(one.channel or "NO CHANNEL KNOWN - ask the recipient; none is guessed here")
            languages = f"languages: {', '.join(one.languages)}" if one.languages else "language not known"
            yield Line(f"{languages}; {self._checked(one)} ({one.confidence})")
            yield from (Line(note) for note in one.notes)

    def _authorities(self, version: DutyVersion) -> Iterator[Authority]:
        recipient, directory = version.recipient, self.directory
        yield from (directory.authorities[id] for id in recipient.authorities)
        if recipient.resolve in ("lead_or_each", "home"):
            group = recipient.group or self.regime.place
            for place, ids in directory.competent.get(recipient.function, {}).items():
                if self.words.within(place, group):
                    yield from (directory.authorities[id] for id in ids)

    def _checked(self, one: Authority) -> str:
        if one.last_checked is None:
            return "NEVER CHECKED with the recipient itself"
        old = " - OLDER THAN A YEAR, look again" if self.today - one.last_checked > STALE else ""
        return f"last checked {one.last_checked}{old}"


def _begins(version: DutyVersion) -> date:
    """What orders texts in time: one that is not law yet and has no day comes last."""
    return version.starts_on or (date.min if version.status == "in_force" else date.max)


def _own_name(one: Authority) -> str:
    return f" ({one.name_en})" if one.name_en and one.name_en not in one.name else ""


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, All) else (condition,)


def _settled(version: DutyVersion) -> Iterator[Always]:
    """Answers without a test that decide the whole duty: that the law has none, or that nobody knows."""
    for condition in (version.scope, version.when):
        yield from (part for part in _parts(condition) if isinstance(part, Always))
