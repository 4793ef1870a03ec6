"""How each language of notices writes months, people, times and doubt: the words by which values are found again in a text.

Kept apart from `notice_words`, which writes them: a text to check may come from anybody's template.
"""

from __future__ import annotations

from typing import Final

from breachkit.domain.values import value


@value
class Tongue:
    """The words of one language. Patterns are regular expressions without groups, matched whatever the case."""

    months: tuple[str, ...]
    """Twelve patterns, January first; short and inflected forms are among them."""
    people: str
    """Nouns for people that a notice counts."""
    affected: str
    """Words that stand after such a noun at the head of a line: `People affected: 12`."""
    joins: str
    """Words between the two ends of a range."""
    about: str
    """Words before a number that leave it open: about, between, at least."""
    sure: str
    """Words before a number that close it: exactly, only."""
    numbers: tuple[str, ...]
    """Patterns for one to twelve."""


TONGUES: Final[dict[str, Tongue]] = {
    "en": Tongue(
        ("Jan(?:uary|\\.)?", "Feb(?:ruary|\\.)?", "Mar(?:ch|\\.)?", "Apr(?:il|\\.)?", "May", "June?\\.?", "July?\\.?",
         "Aug(?:ust|\\.)?",
         "Sept?(?:ember|\\.)?", "Oct(?:ober|\\.)?", "Nov(?:ember|\\.)?", "Dec(?:ember|\\.)?"),
        "people|persons?|individuals?|residents?|customers?|subscribers?|users?|patients?|employees?|consumers?|members?|"
        "students?|callers?|clients|accounts? holders?|citizens|children|applicants?",
        "affected|concerned|impacted",
        "and|to|or",
        "about|around|approximately|roughly|nearly|almost|some|up to|at least|at most|more than|over|fewer than|less than|"
        "between|from|estimated|an estimated|circa|ca\\.?|no more than|not more than",
        "exactly|precisely|only|just|merely|a total of exactly",
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
    "es": Tongue(
        ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "sep?tiembre", "octubre", "noviembre",
         "diciembre"),
        "personas|interesados|particulares|residentes|clientes|abonados|usuarios|pacientes|empleados|trabajadores|consumidores|"
        "miembros|socios|alumnos|estudiantes|ciudadanos|titulares|menores",
        "afectad[oa]s?",
        "y|a|o",
        "unos|unas|alrededor de|aproximadamente|cerca de|casi|hasta|al menos|como m[ií]nimo|como m[aá]ximo|como mucho|"
        "m[aá]s de|menos de|entre|de|se estima que|en torno a",
        "exactamente|precisamente|s[oó]lo|solamente|[uú]nicamente",
        ("un[oa]?", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"),
    ),
    "fr": Tongue(
        ("janvier|janv\\.", "f[eé]vrier|f[eé]vr\\.", "mars", "avril", "mai", "juin", "juillet", "ao[uû]t", "septembre|sept\\.",
         "octobre|oct\\.", "novembre|nov\\.", "d[eé]cembre|d[eé]c\\."),
        "personnes|particuliers|individus|r[eé]sidents|clients?|abonn[eé]s|utilisateurs|patients|employ[eé]s|salari[eé]s|"
        "consommateurs|membres|adh[eé]rents|[eé]l[eè]ves|[eé]tudiants|citoyens|mineurs",
        "(?:concern[eé]|touch[eé]|affect[eé])e?s?",
        "et|[aà]|ou",
        "environ|pr[eè]s de|quelque|[aà] peu pr[eè]s|presque|jusqu['’][aà]|au moins|au plus|plus de|moins de|entre|de|"
        "autour de|approximativement|au maximum",
        "exactement|pr[eé]cis[eé]ment|seulement|uniquement",
        ("une?", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    ),
    "de": Tongue(
        ("Januar|J[aä]nner|Jan\\.", "Februar|Feber|Feb\\.", "M[aä]rz", "April|Apr\\.", "Mai", "Juni", "Juli", "August|Aug\\.",
         "September|Sept?\\.", "Oktober|Okt\\.", "November|Nov\\.", "Dezember|Dez\\."),
        "Personen|Menschen|Betroffenen?(?! [A-ZÄÖÜ])|Einwohner(?:n|innen)?|Kund(?:en|innen)|Abonnent(?:en|innen)|"
        "Nutzer(?:n|innen)?|"
        "Nutzenden|Patient(?:en|innen)|Besch[aä]ftigten?|Mitarbeiter(?:n|innen)?|Verbraucher(?:n|innen)?|Mitgliedern?|"
        "Sch[uü]ler(?:n|innen)?|Studierenden?|B[uü]rger(?:n|innen)?|Kinder(?:n)?",
        "betroffen(?:en|e)?",
        "und|bis|oder",
        "etwa|rund|ungef[aä]hr|circa|ca\\.|fast|knapp|gut|bis zu|mindestens|h[oö]chstens|mehr als|[uü]ber|weniger als|zwischen|"
        "von|sch[aä]tzungsweise|maximal",
        "genau|exakt|nur|lediglich|blo[sß]+",
        ("eine?", "zwei", "drei", "vier", "f[uü]nf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zw[oö]lf"),
    ),
    "it": Tongue(
        ("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre",
         "dicembre"),
        "persone|interessati|individui|residenti|clienti|abbonati|utenti|pazienti|dipendenti|lavoratori|consumatori|membri|soci|"
        "alunni|studenti|cittadini|minori",
        "interessat[ei]|coinvolt[ei]|colpit[ei]",
        "e|a|o",
        "circa|intorno a|approssimativamente|quasi|fino a|almeno|al massimo|pi[uù] di|oltre|meno di|tra|fra|da|"
        "all['’]incirca|non pi[uù] di",
        "esattamente|precisamente|solo|soltanto|solamente|unicamente",
        ("un[oa]?", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici"),
    ),
    "nl": Tongue(
        ("januari|jan\\.", "februari|feb\\.", "maart|mrt\\.", "april|apr\\.", "mei", "juni", "juli", "augustus|aug\\.",
         "september|sept?\\.", "oktober|okt\\.", "november|nov\\.", "december|dec\\."),
        "personen|mensen|betrokkenen|inwoners|klanten|abonnees|gebruikers|pati[eë]nten|werknemers|medewerkers|consumenten|leden|"
        "leerlingen|studenten|burgers|kinderen",
        "getroffen|betrokken",
        "en|tot|of",
        "ongeveer|circa|ca\\.|rond|zo['’]n|bijna|tot|ten minste|minstens|hoogstens|ten hoogste|maximaal|meer dan|ruim|"
        "minder dan|tussen|van|naar schatting",
        "exact|precies|slechts|alleen|maar|enkel",
        ("een|één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"),
    ),
    "pt": Tongue(
        ("janeiro", "fevereiro", "mar[cç]o", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
         "dezembro"),
        "pessoas|titulares|indiv[ií]duos|residentes|clientes|assinantes|utilizadores|usu[aá]rios|pacientes|utentes|"
        "trabalhadores|empregados|consumidores|membros|s[oó]cios|alunos|estudantes|cidad[aã]os|menores",
        "afetad[oa]s|afectad[oa]s|abrangid[oa]s",
        "e|a|ou",
        "cerca de|aproximadamente|perto de|quase|at[eé]|pelo menos|no m[aá]ximo|no m[ií]nimo|mais de|menos de|entre|de|uns|"
        "umas|por volta de",
        "exatamente|exactamente|precisamente|apenas|somente|s[oó]",
        ("uma?", "dois|duas", "tr[eê]s", "quatro", "cinco", "seis", "sete", "oito", "nove", "dez", "onze", "doze"),
    ),
    "pl": Tongue(
        ("stycz(?:e[nń]|nia)", "lut(?:y|ego)", "mar(?:zec|ca)", "kwie(?:cie[nń]|tnia)", "maja?", "czerw(?:iec|ca)",
         "lip(?:iec|ca)", "sierp(?:ie[nń]|nia)", "wrze(?:sie[nń]|[sś]nia)", "pa[zź]dziernika?",
         "listopada?", "grud(?:zie[nń]|nia)"),
        "os[oó]b|osoby|osobami|ludzi|mieszka[nń]c[oó]w|klient[oó]w|klienci|abonent[oó]w|u[zż]ytkownik[oó]w|pacjent[oó]w|"
        "pracownik[oó]w|konsument[oó]w|cz[lł]onk[oó]w|uczni[oó]w|student[oó]w|obywateli|dzieci",
        "poszkodowan(?:ych|e)|dotkni[eę]t(?:ych|e)|kt[oó]rych to dotyczy|obj[eę]t(?:ych|e)",
        "i|do|a|lub",
        "oko[lł]o|ok\\.|blisko|prawie|mniej wi[eę]cej|do|co najmniej|co najwy[zż]ej|najwy[zż]ej|ponad|wi[eę]cej ni[zż]|"
        "mniej ni[zż]|mi[eę]dzy|pomi[eę]dzy|od|szacunkowo|w przybli[zż]eniu",
        "dok[lł]adnie|tylko|jedynie|zaledwie",
        ("jed(?:en|na|no|nego)", "dw(?:a|ie|[oó]ch)", "trz(?:y|ech)", "czter(?:y|ech)", "pi[eę](?:[cć]|ciu)",
         "sze[sś](?:[cć]|ciu)", "siedem|siedmiu", "osiem|o[sś]miu", "dziewi[eę](?:[cć]|ciu)",
         "dziesi[eę](?:[cć]|ciu)", "jedena[sś](?:cie|tu)",
         "dwana[sś](?:cie|tu)"),
    ),
}  # fmt: skip
"""By the language's primary tag."""


def tongue_of(language: str) -> Tongue:
    """The words of a language by its tag (`pt-BR`); English for one that is not here."""
    return TONGUES.get(language.replace("_", "-").split("-")[0].lower(), TONGUES["en"])
