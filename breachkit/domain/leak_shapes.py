"""The shapes of personal data in running text: mail, telephone and network addresses, identifiers, streets, days of birth.

Patterns alone; whether a number's check digits fit is in `identifiers`, what is nobody's personal data in `leaks`.
"""

from __future__ import annotations

import re
from typing import Final

LOCAL: Final = re.compile(
    r"(?:privacy|dpo|data-?protection|support|help|helpdesk|info|contact|security|abuse|press|media|legal|compliance|noreply|"
    r"no-reply|incident|incidents|office|hello|service|customer-?service|team|admin|postmaster|datenschutz|privacidad|kontakt|"
    r"contacto|service-?client|kundenservice|soporte|breach|breaches|notices?)(?:[._+-]?(?:team|desk|office|eu|uk|us))?",
    re.I,
)
"""Names of mailboxes that belong to an office and not to a person."""

EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+%'-]{1,64}@(?:[\w-]+\.)+[^\W\d_]{2,}(?![\w-])")
IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?![A-Za-z0-9])")
CARD: Final = re.compile(r"(?<![\w.,:/-])(?:(?:\d{4}[ -]){3}\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5}|\d{13,19})(?![\w-])")
REFERENCE: Final = re.compile(
    r"(?:ref(?:erence|erencia|erenz|\.)?|r[eé]f[eé]rence|riferimento|referentie|refer[eê]ncia|case|file|ticket|"
    r"aktenzeichen|expediente|dossier|zaak|sygnatura|invoice|order)(?: (?:no|number|nr|n)\.?)?\W{0,4}$",
    re.I,
)
SSN: Final = re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")
NINO: Final = re.compile(r"(?<!\w)[A-Z]{2}(?: ?\d{2}){3} ?[A-D](?!\w)")
DNI: Final = re.compile(r"(?<![\w-])(?:[XYZ]-?)?\d{7,8}-?[A-Z](?![\w-])")
FISCAL: Final = re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)")
INSEE: Final = re.compile(r"(?<![\w-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?![\w-])")
BELGIAN: Final = re.compile(r"(?<![\w.-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w-])")
PESEL: Final = re.compile(r"(?<![\w-])\d{11}(?![\w-])")
NAMED_ID: Final = re.compile(
    r"(?<!\w)(?:SSN|social security (?:number|no\.?)|national insurance (?:number|no\.?)|passport (?:number|no\.?)|"
    r"driv(?:er|ing)['\u2019]?s? licen[cs]e (?:number|no\.?)|DNI|NIE|pasaporte n\.?º?|BSN|burgerservicenummer|"
    r"paspoortnummer|Steuer-?ID(?:entifikationsnummer)?|Personalausweisnummer|Reisepassnummer|NIF|NISS|PESEL|"
    r"num[eé]ro de s[eé]curit[eé] sociale|num[eé]ro de passeport|"
    r"codice fiscale|numero (?:di|del) passaporto|n[uú]mero (?:de|del) pasaporte|numer paszportu)"
    r"\s*(?:is|was|:|=|es|est|ist|è|é|to|#|nr\.?|no\.?)?\s*(?P<id>(?:[A-Z]{1,3}[ -]?)?\d[\d .-]{4,14}[A-Z0-9])(?!\w)",
    re.I,
)
BORN: Final = re.compile(
    r"(?<!\w)(?:born(?: on)?|date of birth|birth ?date|DOB|d\.o\.b\.|geboren(?: am| op)?|Geburtsdatum|geb\.|geboortedatum|"
    r"n[eé]e? le|date de naissance|nacid[oa] el|fecha de nacimiento|nat[oa] il|data di nascita|nascid[oa] (?:a|em)|"
    r"data de nascimento|urodzon[ya](?: dnia)?|ur\.|data urodzenia)\W{0,6}$",
    re.I,
)
IPV4: Final = re.compile(r"(?<![\w.-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)")
IPV6: Final = re.compile(r"(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{1,4}(?![\w:])")
VERSION: Final = re.compile(r"(?:version|release|v|versi[oó]n|versione|versie|versão|wersja|firmware|build)\.? ?$", re.I)
PHONE: Final = re.compile(
    r"(?<![\w.,/+-])(?:"
    r"\+\d{1,3}[ .\u00a0-]?(?:\(0?\d{1,4}\)[ .\u00a0-]?)?\d(?:[ .\u00a0/-]?\d){5,12}"
    r"|\(\d{3}\) ?\d{3}[-. ]\d{4}|\d{3}[-. ]\d{3}[-. ]\d{4}"
    r"|\(?0(?!\d{1,3}-(?:19|20)\d\d-)\d{1,4}\)?[ /\u00a0-]\d{2,4}(?:[ .\u00a0-]?\d{2,4}){1,4}"
    r"|0\d(?:[ .]\d{2}){4}|07\d{3} ?\d{6}"
    r")(?![\w/-]|[.,]\d)"
)
TOLL_FREE: Final = re.compile(r"\+?1?(?:800|833|844|855|866|877|888)\d{7}|(?:\+?44|0)80[08]\d{6,7}|00800\d{8}|0800\d{5,8}")
NAME: Final = r"[^\W\d_a-z][\w.'\u2019-]*"
STREET: Final = re.compile(
    rf"(?<!\w)(?:\d{{1,5}}[A-Za-z]?,? (?:{NAME} ){{1,3}}"
    r"(?:Street|St\.?|Road|Rd\.?|Avenue|Ave\.?|Lane|Ln\.?|Drive|Dr\.?|Close|Court|Ct\.?|Way|"
    r"Boulevard|Blvd\.?|Terrace|Place|Square|Crescent)(?!\w)"
    rf"|(?:Calle|C/|Avenida|Avda\.|Av\.|Plaza|Paseo|Rua|Pra[çc]a|Travessa|Via|Viale|Piazza|Corso|Largo|ul\.|al\.|pl\.) ?"
    rf"(?:(?:de|del|da|do|dos|das|di|della|la|los|las|el) )*{NAME}(?: (?:de|del|da|do|di|{NAME})){{0,3}},? "
    r"(?:n\.?[º°] ?)?\d{1,4}(?=\s*(?:[,.;)\n]|$))"
    rf"|\d{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|place|chemin|all[ée]e|impasse|quai) "
    rf"(?:(?:de|du|des|la|le|les|l['\u2019]) ?)*{NAME}"
    r"|[^\W\d_a-z][\w-]*(?:stra[ßs]s?e|str\.|weg|platz|allee|gasse|straat|laan|plein|gracht|kade|dijk|"
    r"singel) \d{1,4} ?[a-z]?(?!\w))"
)
NAMED_PHONE: Final = re.compile(
    r"(?<!\w)(?:tel(?:ephone|efono|efoon|efone|efon|éfono|éphone)?|phone|mobile|cell|m[oó]vil|portable|handy|"
    r"cellulare|telem[oó]vel|kom(?:órka|\.))\.?(?: (?:number|no\.?|is|was))*\W{0,3}"
    r"(?P<number>\+?\d(?:[ ./()-]?\d){6,14})(?!\d)",
    re.I,
)
