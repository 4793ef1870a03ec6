"""A scenario: a world with its true facts, what it tells the team and when, what it asks, and what a good team does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import Literal

from breachkit.domain.exercise.happenings import AT_ONCE, When
from breachkit.domain.facts import Fact, Instant
from breachkit.domain.values import value

Channel = Literal["phone", "mail", "chat", "press", "regulator", "attacker", "system"]
CHANNELS: tuple[Channel, ...] = ("phone", "mail", "chat", "press", "regulator", "attacker", "system")
Difficulty = Literal["easy", "medium", "hard"]
DIFFICULTIES: tuple[Difficulty, ...] = ("easy", "medium", "hard")
ActKind = Literal["declare", "record", "file", "decide", "approve", "answer", "step", "ask"]
ACT_KINDS: tuple[ActKind, ...] = ("declare", "record", "file", "decide", "approve", "answer", "step", "ask")


@value
class Role:
    """Who sits at the table."""

    id: str
    title: str
    does: str = ""


@value
class Objective:
    """What the exercise trains, and the capability it belongs to."""

    id: str
    title: str
    capability: str


@value
class Truth:
    """One thing that is true of the world, from the moment on at which a team can know it."""

    fact: Fact
    at: timedelta | None
    """After the start; None: with the inject `inject`."""
    inject: str | None = None
    teller: str = ""
    """Who knows it, in words: `the platform engineer`."""
    says: str = ""
    """What that person says when asked; empty: the value itself."""
    scored: bool = True
    """Whether the score looks for it among the recorded facts."""
    line: int | None = None


@value
class Option:
    """One answer to a question."""

    id: str
    text: str
    right: bool
    why: str


@value
class Question:
    """Something the world asks, with answers to choose from."""

    id: str
    text: str
    options: tuple[Option, ...]
    points: int = 2
    role: str = ""
    objective: str = ""
    """The objective its answer serves; empty: none."""
    line: int | None = None

    def option(self, id: str) -> Option | None:
        """The option of that id; None when there is none."""
        return next((one for one in self.options if one.id == id), None)


@value
class Inject:
    """Something that reaches the team."""

    id: str
    channel: Channel
    sender: str
    text: str
    at: timedelta
    """Not before this long after the start."""
    to: str = ""
    """The role it goes to; empty: everybody."""
    when: When = AT_ONCE
    """What it waits for besides the time."""
    branch: str = ""
    """The branch it belongs to; empty: none."""
    until: timedelta | None = None
    """Not sent later than this after the start; None: as long as the exercise lasts."""
    pressure: timedelta | None = None
    """How long its sender gives the team; None: no deadline of its own."""
    asks: tuple[str, ...] = ()
    """Questions put with it."""
    note: str = ""
    """For the facilitator alone."""
    added: bool = False
    """Made up by the facilitator during the exercise."""
    line: int | None = None


@value
class Branch:
    """A way the story may go."""

    id: str
    title: str
    when: When
    line: int | None = None


@value
class Act:
    """What an action consists of."""

    kind: ActKind
    name: str = ""
    """The fact key, duty, question, or step; empty for declare."""
    choice: str | None = None
    """For decide, file and answer: which; None: any."""


@value
class Action:
    """What a good team does, when, and why."""

    id: str
    title: str
    act: Act
    why: str
    opens: timedelta | None = None
    """The window's beginning after the start; None: with the inject `after`."""
    closes: timedelta | None = None
    """Its end after the start; None: `within` after the inject `after`, or the end of the exercise."""
    after: str = ""
    """The inject the window hangs on; empty: none."""
    within: timedelta | None = None
    role: str = ""
    objective: str = ""
    branch: str = ""
    points: int = 5
    train: str = ""
    """What to practise when it was missed, as an instruction."""
    line: int | None = None


@value
class Scenario:
    """The whole of it."""

    id: str
    title: str
    summary: str
    """Without giving the story away."""
    organisation: str
    """A shipped profile's id, or a path to one."""
    difficulty: Difficulty
    minutes: int
    """At the table."""
    starts: Instant
    """The virtual moment it begins at, with its zone."""
    lasts: timedelta
    """Virtual time from the start to the end."""
    briefing: str
    facilitator: str
    """Notes for the facilitator."""
    objectives: tuple[Objective, ...]
    roles: tuple[Role, ...]
    truths: Mapping[str, tuple[Truth, ...]]
    """By fact key, in the order in which they become knowable; the last one is how it is."""
    injects: tuple[Inject, ...]
    questions: tuple[Question, ...]
    actions: tuple[Action, ...]
    branches: tuple[Branch, ...] = ()
    playbooks: tuple[str, ...] = ()
    grace: timedelta = timedelta(hours=2)
    """How long a fact may stay unrecorded, or a duty unseen, after it could be known."""
    hints: Mapping[str, str] = field(default_factory=dict)
    """What the world answers when asked for a fact that cannot be known yet, by fact key."""
    source: str = ""
    """The file it was read from."""

    @property
    def begin(self) -> datetime:
        """UTC."""
        return self.starts.at

    @property
    def end(self) -> datetime:
        """UTC."""
        return self.starts.at + self.lasts

    @property
    def zone(self) -> str:
        """The zone its times are shown in."""
        return self.starts.zone or "UTC"

    def inject(self, id: str) -> Inject | None:
        """The inject of that id; None when there is none."""
        return next((one for one in self.injects if one.id == id), None)

    def question(self, id: str) -> Question | None:
        """The question of that id; None when there is none."""
        return next((one for one in self.questions if one.id == id), None)

    def branch(self, id: str) -> Branch | None:
        """The branch of that id; None when there is none."""
        return next((one for one in self.branches if one.id == id), None)
