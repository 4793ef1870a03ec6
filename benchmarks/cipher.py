"""An encrypted journal against a plain one, side by side. Run by hand: python benchmarks/cipher.py [FOLDER].

Every round measures both one after the other, so that a busy disk weighs on both; the ratio is the median of the rounds'
ratios. The goal is 1.7 at most, the key's handling included: whole commands are measured with an unlocked key, and once
with a passphrase for each command, which is what `breachkit key unlock` spares.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from breachkit.domain.journal import Draft
from breachkit.storage import keyfile, unlocked
from breachkit.storage.files import create_file, key_beside
from breachkit.storage.journal import Journal
from breachkit.storage.key_changes import make_key
from breachkit.storage.keys import data_keys
from breachkit.storage.vault import Addressed, Vault

NIGHT = datetime(2026, 11, 20, 22, 15, tzinfo=UTC)
ROUNDS, SINGLES, BATCH, COMMANDS = 11, 200, 1_000, 11
PASSPHRASE = "several words that are no sentence"
GOAL = 1.7
MESSAGE = b"Dear person, this letter says what happened.\r\n" * 60


def drafts(count: int) -> list[Draft]:
    body = {"key": "people.in.ES", "source": "CRM export", "certainty": "estimated"}
    return [Draft("fact.recorded", body | {"value": str(number)}) for number in range(count)]


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compare(name: str, sealed: Callable[[int], object], plain: Callable[[int], object], rounds: int = ROUNDS) -> None:
    """Interleave both, changing who goes first, and print one line."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            other, own = timed(lambda number=number: plain(number)), timed(lambda number=number: sealed(number))
        else:
            own, other = timed(lambda number=number: sealed(number)), timed(lambda number=number: plain(number))
        pairs.append((own, other))
    ratios = sorted(own / other for own, other in pairs)
    own, other = (statistics.median(side) * 1e3 for side in zip(*pairs, strict=True))
    middle = statistics.median(ratios)
    over = "" if middle <= GOAL else "  over"
    print(f"{name:<46} {own:9.2f} {other:9.2f} {middle:7.2f}   {ratios[0]:.2f}-{ratios[-1]:.2f}{over}")


def ones(journal: Journal) -> Callable[[int], None]:
    def work(number: int) -> None:
        for seq, draft in enumerate(drafts(SINGLES)):
            journal.append(f"S-{number}", [draft], expected=seq, actor="ana", recorded_at=NIGHT)

    return work


def batch(journal: Journal) -> Callable[[int], object]:
    return lambda number: journal.append(f"B-{number}", drafts(BATCH), expected=0, actor="ana", recorded_at=NIGHT)


def put(vault: Vault) -> None:
    letters = (
        Addressed(str(n), f"Person {n}", f"person-{n}@example.invalid", "FR", False, MESSAGE + b"<<id>>", b"<<id>>")
        for n in range(BATCH)
    )
    with vault.writing():
        one = vault.new_dispatch("INC-1", "eu.gdpr.34", {"round": secrets.token_hex(4)})
        vault.put(one, letters, domain="example.invalid", at=NIGHT.isoformat(), actor="ana")


def receipts(vault: Vault) -> int:
    return sum(1 for _ in vault.receipts("INC-1"))


def command(where: Path, **more: str) -> Callable[[int], object]:
    """`breachkit journal show INC-1` as a process of its own: one of the quickest, on which a key weighs most."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_RUNTIME_DIR") if name in os.environ}
    env = kept | {"BREACHKIT_DATABASE": str(where)} | more
    words = [sys.executable, "-m", "breachkit", "journal", "show", "INC-1"]
    return lambda _: subprocess.run(words, env=env, check=True, capture_output=True)


def main(folder: Path) -> None:
    plain_path, sealed_path = folder / "plain.db", folder / "sealed.db"
    file = make_key(key_beside(sealed_path), PASSPHRASE, keyring=False, told=lambda _: None)
    create_file(sealed_path)
    plain, sealed = Journal.open(plain_path), Journal.open(sealed_path)
    print(f"{'ms, median of ' + str(ROUNDS) + ' rounds':<46} {'sealed':>9} {'plain':>9} {'ratio':>7}   range")
    compare(f"append {SINGLES}, each durable by itself", ones(sealed), ones(plain))
    compare(f"append {BATCH} at once", batch(sealed), batch(plain))
    compare(f"read {BATCH} entries", lambda _: sealed.entries("B-0"), lambda _: plain.entries("B-0"))
    compare("verify all", lambda _: sealed.verify(), lambda _: plain.verify())
    plain.close()
    sealed.close()
    with Vault.open(sealed_path) as closed, Vault.open(plain_path) as clear:
        compare(f"put {BATCH} letters into the outbox", lambda _: put(closed), lambda _: put(clear))
        for vault in (closed, clear):
            vault.new_dispatch("INC-2", "eu.gdpr.34", {})
        compare(f"read {ROUNDS * BATCH} envelopes", lambda _: receipts(closed), lambda _: receipts(clear))
    size = plain_path.stat().st_size / 1e6
    opened = (lambda _: Journal.open(sealed_path).close(), lambda _: Journal.open(plain_path).close())
    compare(f"open and check {size:.0f} MB, every page", *opened)

    small, tight = folder / "small.db", folder / "tight.db"
    tight_key = make_key(key_beside(tight), PASSPHRASE, keyring=False, told=lambda _: None)
    create_file(tight)
    for path in (small, tight):
        with Journal.open(path) as journal:
            for number in range(20):
                title = Draft("incident.opened", {"title": f"Incident {number}"})
                journal.new_incident([title, *drafts(50)], actor="ana", recorded_at=NIGHT)
    opened = (lambda _: Journal.open(tight).close(), lambda _: Journal.open(small).close())
    compare(f"open and check {small.stat().st_size / 1e6:.1f} MB", *opened)
    for one in (tight_key,):
        unlocked.keep(one.database, data_keys(one), 3600)
    try:
        compare("command, 20 incidents, unlocked", command(tight), command(small), COMMANDS)
    finally:
        for one in (tight_key,):
            unlocked.erase(one.database)
    with_words = command(tight, BREACHKIT_PASSPHRASE=PASSPHRASE)
    compare("command, 20 incidents, passphrase each time", with_words, command(small), COMMANDS)
    key = keyfile.read_key_file(key_beside(tight)).newest.passphrase
    assert key is not None
    stretching = timed(lambda: keyfile.wrap(bytes(32), b"x", "passphrase", file.database, 1))
    print(f"scrypt with N = 2^{key.cost}: {stretching * 1e3:.0f} ms")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as place:
        main(Path(place))
