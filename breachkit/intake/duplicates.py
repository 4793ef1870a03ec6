"""By what two records are taken for the same person. Says the keys; who holds them decides.

Conservative on purpose: two letters to one person do no harm, and a person left out was not told. So nothing is the same person
that shares an address, a telephone or even an e-mail address alone: families and offices do.
"""

from __future__ import annotations

import re
import unicodedata

from breachkit.intake.people import Person

_NOT_WORD = re.compile(r"[\W_]+")
_ASCII_SPACES = {code: " " for code in range(128) if not chr(code).isalnum()}


def identity_keys(person: Person) -> tuple[str, ...]:
    """The keys under which the same person would be found again; two people are the same when they share one.

    - `email:<address>|<name>` - the same e-mail address and name. A record without a name meets only others without one.
    - `name+address:<name>|<address>` - the same name at the same postal address.
    - `phone+name:<phone>|<name>` - the same name and telephone.

    Names are compared without case, accents, punctuation and order, so that `Muster, Ana` is `ANA MUSTER`. () when the table
    says too little.
    """
    name = " ".join(sorted(_words(person.name)))
    keys = []
    if person.email:
        keys.append(f"email:{person.email.casefold()}|{name}")
    if name and person.address:
        keys.append(f"name+address:{name}|{' '.join(_words(' '.join(person.address)))}")
    if name and person.phone:
        keys.append(f"phone+name:{person.phone}|{name}")
    return tuple(keys)


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.lower().translate(_ASCII_SPACES).split()
    split = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORD.sub(" ", "".join(sign for sign in split if not unicodedata.combining(sign))).split()
