"""Check digits of identifiers people have: what tells a real one from a number that only has its length."""

from __future__ import annotations

import re
from datetime import date


def is_iban(written: str) -> bool:
    """ISO 13616: letters as 10 to 35, the first four signs moved to the end, the whole modulo 97 is 1."""
    signs = written.replace(" ", "")
    if not 15 <= len(signs) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


_NETWORK = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|6(?:011|4\d\d|5\d\d)\d{12}|5[06-9]\d{14}"
)


def is_card(written: str) -> bool:
    """Luhn (ISO/IEC 7812), with the first digits and lengths of the large payment networks."""
    digits = [int(sign) for sign in written if sign.isdigit()]
    if not _NETWORK.fullmatch("".join(map(str, digits))) or len(set(digits)) < 2:
        return False
    doubled = [digit if index % 2 == 0 else digit * 2 - 9 * (digit > 4) for index, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def is_ssn(written: str) -> bool:
    """Areas 000, 666 and 900 to 999, group 00 and serial 0000 are never given out (Social Security Administration)."""
    area, group, serial = re.split(r"[- ]", written)
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def is_nino(written: str) -> bool:
    """A British national insurance number: which letters may stand first and second, and which pairs never do (HMRC)."""
    letters = written[:2]
    return not (set("DFIQUV") & set(letters) or letters[1] == "O" or letters in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ"))


def is_dni(written: str) -> bool:
    """A Spanish DNI or NIE: the letter is the number modulo 23."""
    signs = written.replace("-", "")
    number = int(signs[:-1].translate(str.maketrans("XYZ", "012")))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23] == signs[-1]


_ODD = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16,
                 10, 22, 25, 24, 23], strict=True))  # fmt: skip


def is_fiscal_code(written: str) -> bool:
    """An Italian fiscal code: signs at odd places by a table, those at even places by their rank, modulo 26."""
    total = sum(
        _ODD[sign] if index % 2 == 0 else int(sign) if sign.isdigit() else ord(sign) - 65
        for index, sign in enumerate(written[:15])
    )
    return chr(total % 26 + 65) == written[15]


def is_insee(written: str) -> bool:
    """A French social-security number: the last two digits are 97 less the rest modulo 97; Corsica counts as 19 and 18."""
    signs = written.replace(" ", "").replace("2A", "19").replace("2B", "18")
    return 97 - int(signs[:13]) % 97 == int(signs[13:])


def is_belgian(written: str) -> bool:
    """A Belgian national number: 97 less the first nine digits modulo 97, with a 2 before them for births from 2000 on."""
    digits = re.sub(r"\D", "", written)
    return int(digits[9:]) in (97 - int(digits[:9]) % 97, 97 - int(f"2{digits[:9]}") % 97)


def is_pesel(written: str) -> bool:
    """A Polish PESEL: a day of birth, with the century in its month, and a weighted sum."""
    digits = [int(sign) for sign in written]
    century = {0: 1900, 1: 2000, 2: 2100, 3: 2200, 4: 1800}[digits[2] // 2]
    try:
        date(century + digits[0] * 10 + digits[1], digits[2] % 2 * 10 + digits[3], digits[4] * 10 + digits[5])
    except ValueError:
        return False
    weights = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
    return (10 - sum(d * w for d, w in zip(digits, weights, strict=False)) % 10) % 10 == digits[10]
