"""What a cell says of a person's language: tags, codes, and names in English, the eight notice languages and their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from breachkit.errors import UsageError
from breachkit.intake.cells import CellRefused, shown
from breachkit.intake.people import LANGUAGE_UNKNOWN

# Names are those of Unicode CLDR (Unicode License v3). The eight notice languages come first.
_NAMES = """\
en eng | English | inglés | anglais | Englisch | inglese | Engels | angielski
es spa | Spanish | español | espagnol | Spanisch | spagnolo | Spaans | espanhol | hiszpański
fr fra | fre | French | francés | français | Französisch | francese | Frans | francuski
de deu | ger | German | alemán | allemand | Deutsch | tedesco | Duits | alemão | niemiecki
it ita | Italian | italiano | italien | Italienisch | Italiaans | włoski
nl nld | dut | Dutch | neerlandés | néerlandais | Niederländisch | olandese | Nederlands | holandês | niderlandzki
pt por | Portuguese | portugués | portugais | Portugiesisch | portoghese | Portugees | portugalski
pl pol | Polish | polaco | polonais | Polnisch | polacco | Pools | polonês | polski
ar Arabic | العربية
bg Bulgarian | български
bn Bangla | বাংলা
ca Catalan | català
cs Czech | čeština
cy Welsh | Cymraeg
da Danish | dansk
el Greek | Ελληνικά
et Estonian | eesti
eu Basque | euskara
fa Persian | فارسی
fi Finnish | suomi
ga Irish | Gaeilge
gl Galician | galego
gu Gujarati | ગુજરાતી
he Hebrew | עברית
hi Hindi | हिन्दी
hr Croatian | hrvatski
ht Haitian Creole | Kreyòl Ayisyen
hu Hungarian | magyar
hy Armenian | հայերեն
id Indonesian | Indonesia
is Icelandic | íslenska
ja Japanese | 日本語
ka Georgian | ქართული
kk Kazakh | қазақ тілі
km Khmer | ខ្មែរ
ko Korean | 한국어
lo Lao | ລາວ
lt Lithuanian | lietuvių
lv Latvian | latviešu
mk Macedonian | македонски
mn Mongolian | монгол
ms Malay | Melayu
mt Maltese | Malti
my Burmese | မြန်မာ
nb Norwegian Bokmål | norsk bokmål
ne Nepali | नेपाली
nn Norwegian Nynorsk | norsk nynorsk
no Norwegian | norsk
pa Punjabi | ਪੰਜਾਬੀ
ro Romanian | română
ru Russian | русский
sk Slovak | slovenčina
sl Slovenian | slovenščina
sq Albanian | shqip
sr Serbian | српски
sv Swedish | svenska
sw Swahili | Kiswahili
ta Tamil | தமிழ்
te Telugu | తెలుగు
th Thai | ไทย
tl Tagalog
tr Turkish | Türkçe
uk Ukrainian | українська
ur Urdu | اردو
uz Uzbek | o‘zbek
vi Vietnamese | Tiếng Việt
zh Chinese | 中文"""
_TAG = re.compile(r"([a-z]{2,3})(?:[-_.@][a-z0-9@._-]*)?", re.IGNORECASE)


def plain(text: str) -> str:
    """A name for comparing: no case, accents, spaces or punctuation."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(sign for sign in split if not unicodedata.combining(sign)))


def read_language(text: str) -> str:
    """The primary tag: `es` for `es-MX`, `es_ES.UTF-8`, `spa`, `Spanish` or `español`. CellRefused when it is none of these."""
    text = text.strip()
    if not text:
        return ""
    if (found := _by_name().get(plain(text))) is not None:
        return found
    if (tag := _TAG.fullmatch(text)) is None:
        raise CellRefused(LANGUAGE_UNKNOWN, f"language: {shown(text)}")
    primary = tag[1].lower()
    return _by_name().get(primary, primary)


def default_language(text: str | None) -> str:
    """A language given on the command line; "" for None. UsageError when it cannot be recognised."""
    try:
        return read_language(text or "")
    except CellRefused:
        raise UsageError(f"'{text}' is not a language; write a tag such as 'es' or 'en'") from None


@cache
def _by_name() -> dict[str, str]:
    return {name: tag for tag, names in _lines() for name in names}


def _lines() -> Iterator[tuple[str, list[str]]]:
    for line in _NAMES.splitlines():
        tag, _, names = line.partition(" ")
        yield tag, [tag, *(plain(name) for name in names.split("|"))]
