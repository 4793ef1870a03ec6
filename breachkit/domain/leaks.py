"""Personal data of affected people where it must not be: in a form for an authority, a credit bureau, the media or the public.

Finds the shapes of addresses, numbers and identifiers and tells where they stand, never what they are. What the organisation
says of itself, contacts somebody recorded as such, references and citations are left out first. A name alone has no shape and
is not found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any, Final

from breachkit.domain import leak_shapes as shapes
from breachkit.domain.factbook import FactBook
from breachkit.domain.findings import Finding
from breachkit.domain.identifiers import (
    is_belgian,
    is_card,
    is_dni,
    is_fiscal_code,
    is_iban,
    is_insee,
    is_nino,
    is_pesel,
    is_ssn,
)
from breachkit.domain.notices import Notice
from breachkit.domain.said_values import SaidDay, days_said
from breachkit.domain.values import value

WATCHED: Final = frozenset({"authority", "cra", "media", "public"})
"""Kinds of recipients that need no affected person's data."""

OF_THE_ATTACK: Final = frozenset({"iocs", "trace_clues", "techniques", "perpetrator"})
"""Elements that may hold the attacker's network addresses."""


@value
class Leak:
    """Something that looks like an affected person's data."""

    kind: str
    line: int
    """The line of the notice's Markdown; the first is 1."""
    shown: str
    """Masked: enough to find it again, too little to pass it on."""


_DIRECT: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]] = (
    ("iban", shapes.IBAN, is_iban),
    ("fiscal code", shapes.FISCAL, is_fiscal_code),
    ("national id", shapes.BELGIAN, is_belgian),
    ("national id", shapes.INSEE, is_insee),
    ("payment card number", shapes.CARD, is_card),
    ("social security number", shapes.SSN, is_ssn),
    ("national id", shapes.NINO, is_nino),
    ("national id", shapes.DNI, is_dni),
    ("national id", shapes.PESEL, is_pesel),
    ("postal address", shapes.STREET, lambda _: True),
)


def leaks(notice: Notice, finding: Finding, book: FactBook) -> Iterator[Leak]:
    """What looks like affected people's data in a notice of a watched kind, in the order of the kinds; nothing for others."""
    if finding.recipient.kind not in WATCHED:
        return
    text, own = _without_own(_unescaped(notice.source), finding, book)
    taken = [False] * len(text)

    def found(kind: str, start: int, end: int) -> Iterator[Leak]:
        if not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            yield Leak(kind, text.count("\n", 0, start) + 1, mask(kind, text[start:end]))

    for match in shapes.EMAIL.finditer(text):
        if not _of_an_office(match[0], own):
            yield from found("e-mail address", *match.span())
    days = list(days_said(text, notice.language))
    for day in days:
        if shapes.BORN.search(text, max(0, day.at - 40), day.at):
            yield from found("date of birth", day.at, day.at + len(day.written))
    for match in re.finditer(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}(?!\d)", text):
        if shapes.BORN.search(text, max(0, match.start() - 40), match.start()):
            yield from found("date of birth", *match.span())
    _hide(taken, days)
    for kind, pattern, fits in _DIRECT:
        for match in pattern.finditer(text):
            referred = match[0].isdigit() and shapes.REFERENCE.search(text, max(0, match.start() - 30), match.start())
            if fits(match[0]) and not referred:
                yield from found(kind, *match.span())
            elif kind in ("iban", "social security number"):
                taken[slice(*match.span())] = [True] * len(match[0])  # nor is part of it a telephone number
    for match in shapes.NAMED_ID.finditer(text):
        if len(re.findall(r"\d", match["id"])) >= 6:
            yield from found("national id", *match.span("id"))
    for match in [*shapes.IPV4.finditer(text), *shapes.IPV6.finditer(text)]:
        if _is_public(match[0]) and not shapes.VERSION.search(text, max(0, match.start() - 12), match.start()):
            if not _of_the_attack(match[0], notice):
                yield from found("ip address", *match.span())
            taken[slice(*match.span())] = [True] * len(match[0])
    for match in [*shapes.NAMED_PHONE.finditer(text), *shapes.PHONE.finditer(text)]:
        digits = re.sub(r"[^\d+]", "", match["number"] if "number" in match.re.groupindex else match[0])
        if 8 <= len(digits.lstrip("+")) <= 15 and not shapes.TOLL_FREE.fullmatch(digits):
            yield from found("telephone number", *match.span("number" if "number" in match.re.groupindex else 0))


def _hide(taken: list[bool], days: list[SaidDay]) -> None:
    for day in days:
        taken[day.at : day.at + len(day.written)] = [True] * len(day.written)


def _unescaped(markdown: str) -> str:
    """Without the signs Markdown puts before signs; lines stay where they are."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("**", "").replace("`", "")


_CONTACTS: Final = (
    "contact", "contact_options", "dpo_contact", "entity_contact", "reporting_person", "responsible_person", "phone",
    "toll_free_phone", "phone_or_website_for_inquiry", "website_for_help", "hq_address", "entity_location", "fein", "provider",
    "processor", "other_providers", "other_entities", "other_authorities", "complaint_right", "cra_contacts", "ftc_contact",
    "ag_contact", "state_agency_contacts", "federal_agency_contacts",
)  # fmt: skip
"""Elements that name who reports, who helps and who watches over it, never the people affected."""

_OWN: Final = (
    "filed.", "decided.", "contact.", "organisation.", "provider.", "authorities.", "hold.agency", "notice.bureau_contacts",
    "notice.ftc_contact", *(f"notice.says.{id}" for id in _CONTACTS),
)  # fmt: skip
"""Facts whose words are nobody's personal data, or those of people who speak for the organisation."""


_HASH: Final = re.compile(r"(?<!\w)(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12,64}(?!\w)")


def _without_own(text: str, finding: Finding, book: FactBook) -> tuple[str, frozenset[str]]:
    """The text with what is nobody's personal data blanked out, and the mail domains of the organisation itself."""
    allowed: list[str] = [finding.recipient.name, finding.recipient.channel or "", *(cite.text for cite in finding.cite)]
    allowed += [cite.url or "" for cite in finding.cite]
    for key, fact in book.facts.items():
        of_clients = key.startswith("controllers.") and key.endswith((".name", ".contact"))
        if (key.split(".", 2)[-1] if key.startswith("translated.") else key).startswith(_OWN) or of_clients:
            allowed += _strings(fact.value)
    own = (
        book.text("organisation.contacts.privacy.email"),
        book.text("contact.email"),
        book.text("organisation.contacts.dpo.email"),
    )
    domains = {mail.rpartition("@")[2].lower() for mail in own if mail}
    parts = {one for whole in allowed for one in re.split(r"[\n;:,]", whole) if re.search(r"\d|@", one)}
    pieces = parts.union(allowed, *(whole.split("\n") for whole in allowed))
    for piece in sorted(pieces, key=len, reverse=True):
        words = piece.split()
        if len("".join(words)) >= 4:
            pattern = r"\s+".join(map(re.escape, words)) + (r"(?:\.invalid)?" if "@" in piece else "")
            text = re.sub(rf"(?<![\w.+-]){pattern}(?!\w)", _blank, text)
    phones = {re.sub(r"\D", "", match[0])[-8:] for whole in allowed for match in shapes.PHONE.finditer(whole)}
    if phones:
        text = shapes.PHONE.sub(lambda match: _blank(match) if re.sub(r"\D", "", match[0])[-8:] in phones else match[0], text)
    return _HASH.sub(_blank, text), frozenset(domains)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _strings(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    if isinstance(said, Mapping):
        return [one for part in said.values() for one in _strings(part)]
    if isinstance(said, tuple):
        return [one for part in said for one in _strings(part)]
    return []


def _of_an_office(mail: str, domains: frozenset[str]) -> bool:
    local, _, domain = mail.lower().rpartition("@")
    return domain.removesuffix(".invalid") in {one.removesuffix(".invalid") for one in domains} and bool(
        shapes.LOCAL.fullmatch(local)
    )


def _is_public(written: str) -> bool:
    try:
        address = IPv4Address(written) if ":" not in written else IPv6Address(written)
    except AddressValueError:
        return False
    documentation = str(address).startswith(("192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"))
    return documentation or not (address.is_private or address.is_loopback or address.is_unspecified or address.is_multicast)


def _of_the_attack(written: str, notice: Notice) -> bool:
    return any(written in text for id, text in notice.elements.items() if id in OF_THE_ATTACK)


def mask(kind: str, written: str) -> str:
    """`j***@e***.com`, `***-**-**12`: never the value itself."""
    if kind == "e-mail address":
        local, _, domain = written.partition("@")
        host, _, top = domain.rpartition(".")
        return f"{local[:1]}***@{host[:1]}***.{top}"
    if kind in ("postal address", "date of birth"):
        return re.sub(r"\w", "*", written)
    signs = [index for index, char in enumerate(written) if char.isalnum()]
    kept = {*signs[-2:]} if len(signs) > 6 else set()
    return "".join(char if not char.isalnum() or index in kept else "*" for index, char in enumerate(written))
