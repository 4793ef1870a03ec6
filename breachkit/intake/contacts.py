"""E-mail addresses and telephone numbers: normalised, or not usable. A pattern answers the plain case, libraries the rest."""

from __future__ import annotations

import re
from typing import Any, Final

from breachkit.domain.vocabulary import country_of

# ASCII, short enough that no part can be too long, no two hyphens in a row (Punycode, reserved labels), a top level of letters.
_PLAIN_EMAIL = re.compile(
    r"[A-Za-z0-9_+'-]+(?:\.[A-Za-z0-9_+'-]+)*@((?:[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*\.)+)([A-Za-z]{2,})", re.ASCII
)
_PLAIN_LENGTH: Final = 64
_LONGEST: Final = 320
# Names no mail is sent to. `.invalid`, `.example` and `.test` are accepted: exercises are held with them.
_NOT_FOR_MAIL = frozenset({"local", "localhost", "arpa", "onion"})
_TEST_ONLY = ".invalid"


class Emails:
    """Reads e-mail addresses."""

    def __init__(self) -> None:
        self._any_case: frozenset[str] | None = None

    def read(self, text: str) -> str | None:
        """The address as email-validator writes it, without asking any network; None when it is not one.

        The domain is lower-case and in ASCII where it can be. An address with letters beyond ASCII before the @ stays as it is.
        """
        if (
            len(text) <= _PLAIN_LENGTH
            and (plain := _PLAIN_EMAIL.fullmatch(text)) is not None
            and plain[2].lower() not in _NOT_FOR_MAIL
        ):
            local, _, domain = text.rpartition("@")
            return f"{local.lower() if local.lower() in self._roles else local}@{domain.lower()}"
        return self._thorough(text) if len(text) <= _LONGEST else None

    @property
    def _roles(self) -> frozenset[str]:
        if self._any_case is None:
            from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

            self._any_case = frozenset(CASE_INSENSITIVE_MAILBOX_NAMES)
        return self._any_case

    def _thorough(self, text: str) -> str | None:
        from email_validator import EmailNotValidError, validate_email

        # The library refuses `.invalid` by a setting for the whole process; `.example`, as long, stands in for it.
        stand_in = text[: -len(_TEST_ONLY)] + ".example" if text.lower().endswith(_TEST_ONLY) else text
        try:
            found = validate_email(stand_in, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return None
        address = found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
        if stand_in is not text:
            address = address.removesuffix(".example") + _TEST_ONLY
        # `user@test` is for a machine's own tests.
        return address if "." in address.rpartition("@")[2] else None


# Calling codes of countries where a number written with the code and no zero after it needs no more than its length checked.
_WITH_CODE: Final = {
    "31": "NL",
    "32": "BE",
    "33": "FR",
    "34": "ES",
    "41": "CH",
    "43": "AT",
    "48": "PL",
    "49": "DE",
    "351": "PT",
}
_NORTH_AMERICA = re.compile(r"(?:\+1[ .-]?)?(?:\(([2-9]\d\d)\) ?|([2-9]\d\d)[ .-]?)([2-9]\d\d)[ .-]?(\d{4})", re.ASCII)
_CALLING_CODE = re.compile(r"\+(3[1234]|4[1389]|351)([1-9]\d{7,9})", re.ASCII)
_TRUNK_ZERO: Final = {"AT": "43", "BE": "32", "CH": "41", "DE": "49", "FR": "33", "NL": "31"}
"""Countries where a national number begins with one zero."""
_NATIONAL = re.compile(r"0([1-9]\d{7,9})", re.ASCII)
_BETWEEN: Final = str.maketrans("", "", " -.")


class Phones:
    """Reads telephone numbers."""

    def __init__(self) -> None:
        self._lengths: dict[str, frozenset[int]] = {}

    def read(self, text: str, place: str) -> str | None:
        """E.164; None when it can be no number. Without a calling code it is a number of the place of residence."""
        country = country_of(place)
        if (plain := _NORTH_AMERICA.fullmatch(text)) is not None and (country in ("US", "CA") or text[0] == "+"):
            return f"+1{plain[1] or plain[2]}{plain[3]}{plain[4]}"
        digits = text.translate(_BETWEEN)
        if (plain := _CALLING_CODE.fullmatch(digits)) is not None and len(plain[2]) in self._possible(plain[1]):
            return digits
        code = _TRUNK_ZERO.get(country, "")
        if code and (plain := _NATIONAL.fullmatch(digits)) is not None and len(plain[1]) in self._possible(code):
            return f"+{code}{plain[1]}"
        import phonenumbers

        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            return None
        # A number without its area code is possible too, where it is dialled from next door; it is none here.
        if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
            return None
        number.extension = None
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def _possible(self, code: str) -> frozenset[int]:
        if (known := self._lengths.get(code)) is None:
            import phonenumbers

            metadata: Any = phonenumbers.PhoneMetadata.metadata_for_region(_WITH_CODE[code])
            known = self._lengths[code] = frozenset(metadata.general_desc.possible_length)
        return known
