"""A person's word on envelopes, asked for and carried out: what became of those in doubt, try again, told another way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from breachkit.domain.envelope import Status, may_become
from breachkit.storage.journal import Journal
from breachkit.storage.vault import Kept, Vault
from breachkit.tui.of_outbox import OfOutbox
from breachkit.tui.outbox_words import letters
from breachkit.workflow.outbox import settling
from breachkit.workflow.outbox.looking import Meant, these

Act = Callable[[Journal, Vault, list[Kept]], int]

NO_NAMES: Final = "It is kept for good: name nobody affected."
_WAYS: Final = {
    "sent": "sent        it arrived, or a server took it",
    "not-sent": "not sent    it did not arrive: another way is owed",
    "again": "again       send it once more, even if it may arrive twice",
}


class OutboxActs(OfOutbox):
    """A screen on which envelopes are settled."""

    def meant(self, statuses: tuple[Status, ...], may: tuple[Status, ...] = ()) -> Meant | None:
        """The envelopes the next act is about, with one of the statuses. None when there are none, which it says.

        `may`: what a single envelope may be too, when it is pointed at.
        """
        raise NotImplementedError

    def action_settle(self) -> None:
        """What became of those in doubt."""
        if (meant := self.meant(("in_doubt",))) is None:
            return
        from breachkit.tui.screens.choose import ChooseScreen

        guide = "No reply came, so they may have arrived. Nothing goes out again unless you say so."
        title = f"{letters(meant.number)} of {meant.dispatch} in doubt"

        def chosen(word: str | None) -> None:
            if word is not None:
                asked = "How is that known?"
                self._words(f"{title}: {word}", f"{asked} {NO_NAMES}", partial(self._settle, meant, word))

        self.app.push_screen(ChooseScreen(self.workspace, title, guide, _WAYS), chosen)

    def _settle(self, meant: Meant, word: str, reason: str) -> None:
        def work(journal: Journal, vault: Vault, found: list[Kept]) -> int:
            return settling.settle(self.workspace, journal, vault, self.incident, found, word, reason)

        self._move(meant, work, f"settled as {word.replace('-', ' ')}")

    def action_retry(self) -> None:
        """Queue again what was refused or bounced."""
        if (meant := self.meant(("refused", "bounced"))) is None:
            return
        guide = f"Why may it arrive now? Nothing is sent yet. {NO_NAMES}"
        self._words(f"Queue {letters(meant.number)} of {meant.dispatch} again", guide, partial(self._retry, meant))

    def _retry(self, meant: Meant, reason: str) -> None:
        def work(journal: Journal, vault: Vault, found: list[Kept]) -> int:
            return settling.retry(self.workspace, journal, vault, self.incident, found, reason)

        self._move(meant, work, "queued again; s sends them")

    def action_replaced(self) -> None:
        """Another channel took the place of mail."""
        if (meant := self.meant(("refused", "bounced"), may_become("replaced", "person"))) is None:
            return
        title = f"{letters(meant.number)} of {meant.dispatch}: told another way"

        def by(channel: str) -> None:
            guide = f"What proves it: a posting list, a tracking number. {NO_NAMES}"
            self._words(f"{title}, {channel}", guide, partial(self._replace, meant, channel))

        self._words(title, "By which channel? One word: post, phone, visit ...", by)

    def _replace(self, meant: Meant, channel: str, proof: str) -> None:
        def work(journal: Journal, vault: Vault, found: list[Kept]) -> int:
            return settling.replace(self.workspace, journal, vault, self.incident, found, channel, proof)

        self._move(meant, work, f"replaced by {channel}")

    def _move(self, meant: Meant, act: Act, words: str) -> None:
        def work(journal: Journal, vault: Vault) -> int:
            return act(journal, vault, these(vault, self.incident, meant))

        self.act("Writing it down ...", work, lambda done: self.say(f"{letters(done)} {words}."))

    def _words(self, title: str, guide: str, then: Callable[[str], None], text: str = "") -> None:
        """Ask for a few words; nothing happens when none are given."""
        from breachkit.tui.screens.prompt import PromptScreen

        def given(said: str | None) -> None:
            if said:
                then(said)

        self.app.push_screen(PromptScreen(self.workspace, title, guide, text), given)
