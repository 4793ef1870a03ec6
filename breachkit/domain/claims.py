"""Sentences that breach letters like to say and that only some facts allow: the patterns, in eight languages.

What each claim needs is in `overclaims`. A sentence that doubts what it says (`we think it unlikely that ...`) claims nothing;
those words are in `doubts`. A `\\w` in the midst of a word is a letter whose accent people leave out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CLAIMS: Final[Mapping[str, Mapping[str, str]]] = {
    "nothing_taken": {
        "en": (
            r"\bno (?:personal |customer |such |sensitive )?(?:data|information|records|files) (?:was|were|has been"
            r"|have been|had been) (?:taken|stolen|copied|exfiltrated|leaked|downloaded|exposed|acquired|lost)"
            r"|\b(?:data|information) (?:did not leave|has not left|have not left|never left|was not (?:taken|stolen"
            r"|copied|exfiltrated|acquired)|were not (?:taken|stolen|copied|exfiltrated|acquired))|rules? out that "
            r"(?:any )?(?:data|information) left|\bnothing (?:was|has been) (?:taken|stolen|copied)|\bdata taken: "
            r"ruled out"
        ),
        "es": (
            r"\bno se (?:ha|han|hab\wa|hab\wan) (?:sustra\wdo|robado|copiado|extra\wdo|filtrado)\b[^.]{0,25}\bdat\w+"
            r"|\bning\wn dato\b[^.]{0,25}\b(?:sustra\wdo|robado|copiado|extra\wdo|filtrado)|\bdatos no (?:salieron"
            r"|han salido)|\bdescarta\w* que (?:los |ning\wn )?datos? (?:hayan? )?sal\w+"
        ),
        "fr": (
            r"\baucune donn\we (?:\w+ ){0,2}n['’](?:a|ont) (?:pas )?\wt\w (?:vol\w+|copi\w+|extraite?s?|exfiltr\w+"
            r"|d\wrob\w+|divulgu\w+)|\bdonn\wes (?:n['’]ont pas quitt\w|ne sont pas sorties)|\bexclu\w* que (?:des"
            r"|les) donn\wes (?:aient quitt\w|soient sorties)"
        ),
        "de": (
            r"\bkeine (?:personenbezogenen )?(?:Daten|Informationen) (?:\w+ ){0,3}?(?:abgeflossen|gestohlen|kopiert"
            r"|entwendet|abgezogen)|\bDaten (?:sind|haben) (?:unsere Systeme )?nicht (?:abgeflossen|verlassen|kopiert "
            r"worden)|\bschlie\w+t? aus, dass (?:\w+ )?Daten (?:\w+ ){0,3}?(?:abgeflossen|verlassen)"
        ),
        "it": (
            r"\bnessun dato (?:\w+ )?(?:\w stato|\w stata) (?:sottratto|rubato|copiato|esfiltrato|divulgato)|\bdati "
            r"non (?:sono usciti|hanno lasciato)|\bescludono che (?:i |dei )?dati (?:siano|abbiano)"
        ),
        "nl": (
            r"\bgeen (?:persoons)?gegevens (?:\w+ ){0,3}?(?:gestolen|gekopieerd|buitgemaakt|weggenomen|gelekt)"
            r"|\bgegevens (?:hebben|zijn) (?:onze systemen )?niet (?:verlaten|weggenomen|gekopieerd)|\bsluit\w* uit "
            r"dat (?:er )?gegevens"
        ),
        "pt": (
            r"\bnenhuns? dados?\b[^.]{0,25}\b(?:subtra\wd|roubad|copiad|extra\wd|exfiltrad)\w*|\bdados n\wo "
            r"(?:sa\wram|foram (?:subtra\wdos|roubados|copiados|extra\wdos))|\bexclu\w+ que (?:os )?dados (?:tenham "
            r")?sa\wd\w+"
        ),
        "pl": (
            r"\b\wadne dane nie (?:zosta\wy|by\wy) (?:skradzione|skopiowane|wykradzione|wyniesione|pobrane)|\bdane "
            r"nie opu\wci\wy|\bwykluczaj\w+, (?:\we|aby|by) dane opu\wci\wy"
        ),
    },
    "no_sign_taken": {
        "en": (
            r"\bno (?:evidence|indication|sign|signs|reason to believe)\b[^.]{0,60}\b(?:taken|stolen|copied"
            r"|exfiltrat\w+|left our|accessed|acquired|downloaded|viewed)"
        ),
        "es": (
            r"\bno (?:hay|tenemos|existen?|constan?)\b[^.]{0,20}\b(?:pruebas?|indicios?|evidencias?"
            r"|constancia)\b[^.]{0,50}\b(?:sustra\wd|robad|copiad|extra\wd|accedid|salid)\w*"
        ),
        "fr": (
            r"\baucun(?:e)? (?:preuve|indice|signe|\wl\wment)\b[^.]{0,60}\b(?:vol\w+|copi\w+|extrait\w*|consult\w+"
            r"|acc\wd\w+|exfiltr\w+)"
        ),
        "de": (
            r"\bkeine (?:Hinweise|Anzeichen|Anhaltspunkte|Belege)\b[^.]{0,60}\b(?:abgeflossen|gestohlen|kopiert"
            r"|entwendet|eingesehen|abgegriffen)"
        ),
        "it": (
            r"\b(?:non (?:vi sono|ci sono|abbiamo)|nessun\w?)\b[^.]{0,15}\b(?:prov[ae]|indizi\w?"
            r"|evidenz[ae])\b[^.]{0,50}\b(?:sottratt|rubat|copiat|consultat|esfiltrat)\w*"
        ),
        "nl": (
            r"\bgeen (?:aanwijzing(?:en)?|bewijs|tekenen)\b[^.]{0,60}\b(?:gestolen|gekopieerd|ingezien|buitgemaakt"
            r"|weggenomen)"
        ),
        "pt": (
            r"\bn\wo (?:h\w|temos|existem?)\b[^.]{0,20}\b(?:provas?|ind\wcios?"
            r"|evid\wncias?)\b[^.]{0,50}\b(?:subtra\wd|roubad|copiad|extra\wd|acedid|acessad)\w*"
        ),
        "pl": (
            r"\b(?:nie ma|nie mamy|brak)\b[^.]{0,15}\b(?:dowod\ww|oznak|przes\wanek"
            r"|\wlad\ww)\b[^.]{0,50}\b(?:skradzion|skopiowan|wykradzion|przejrzan)\w*"
        ),
    },
    "not_seen": {
        "en": (
            r"\b(?:data|information|accounts?|records|files|messages|details) (?:was|were|has|have|had) (?:not|never) "
            r"(?:been )?(?:accessed|viewed|seen|read|opened|disclosed|compromised)|\b(?:no one|nobody|no third party) "
            r"(?:has |had )?(?:accessed|viewed|saw|seen|opened)|\bno unauthori[sz]ed (?:person |party |access "
            r")[^.]{0,20}(?:accessed|saw|viewed|took place|occurred)"
        ),
        "es": (
            r"\b(?:datos|informaci\wn|cuentas?) no (?:fueron|fue|han sido|ha sido) (?:consultad|vist|le\wd|accedid"
            r"|comprometid)\w*|\bnadie (?:ha )?(?:accedi\w+|accedido|visto|vio|le\wdo|consult\w+)"
        ),
        "fr": (
            r"\bdonn\wes n['’]ont (?:pas|jamais) \wt\w (?:consult|vu|lu|compromis|divulgu)\w*|\bpersonne n['’]a "
            r"(?:consult\w|vu|lu|acc\wd\w)"
        ),
        "de": (
            r"\b(?:Daten|Informationen|Konto|Konten) (?:wurden?|sind) (?:nicht|nie) (?:eingesehen|gelesen|ge\wffnet"
            r"|abgerufen|kompromittiert)|\bniemand (?:hat|konnte) [^.]{0,40}(?:eingesehen|gelesen|gesehen|zugegriffen)"
        ),
        "it": (
            r"\bdati non sono (?:stati )?(?:mai )?(?:consultat|vist|lett|compromess)\w*|\bnessuno ha (?:visto|letto"
            r"|consultato|avuto accesso)"
        ),
        "nl": (
            r"\bgegevens zijn (?:niet|nooit) (?:ingezien|gelezen|bekeken|geopend)|\bniemand heeft "
            r"[^.]{0,40}(?:ingezien|gelezen|bekeken|gezien)"
        ),
        "pt": (
            r"\bdados n\wo foram (?:consultad|vist|lid|acedid|acessad|comprometid)\w*|\bningu\wm (?:acedeu|acessou"
            r"|viu|leu|consultou)"
        ),
        "pl": (
            r"\bdane nie (?:zosta\wy|by\wy) (?:przejrzane|odczytane|ujawnione|naruszone)|\bnikt nie (?:widzia\w"
            r"|przeczyta\w|uzyska\w dost\wpu)"
        ),
    },
    "no_misuse": {
        "en": (
            r"\bno (?:evidence|indication|signs?|reason to believe|reports?|information"
            r"|knowledge)\b[^.]{0,60}\b(?:misus\w+|fraud\w*|abus\w+|been used|identity theft|being used)|\bnot aware "
            r"of any\b[^.]{0,25}\b(?:misuse|fraud|abuse)|\b(?:not|never) been misused"
        ),
        "es": (
            r"\bno (?:hay|tenemos|existen?|constan?|consta)\b[^.]{0,25}\b(?:pruebas?|indicios?|evidencias?"
            r"|constancia)\b[^.]{0,50}\b(?:uso indebido|mal uso|fraude|utilizad|usad)\w*|\bno (?:nos "
            r")?consta\b[^.]{0,30}\b(?:uso indebido|mal uso|fraude)"
        ),
        "fr": (
            r"\baucun(?:e)? (?:preuve|indice|signe|\wl\wment)\b[^.]{0,60}\b(?:utilisation (?:abusive|frauduleuse)"
            r"|usage abusif|fraude|utilis\w+)|\bpas connaissance d['’](?:une |aucun\w* )?(?:utilisation|usage)"
        ),
        "de": (
            r"\bkeine (?:Hinweise|Anzeichen|Anhaltspunkte|Belege|Erkenntnisse)\b[^.]{0,60}\b(?:Missbrauch\w*"
            r"|missbr\wuch\w+|missbraucht|Betrug\w*|genutzt|verwendet)|\bkein Missbrauch (?:bekannt|festgestellt)"
        ),
        "it": (
            r"\b(?:non (?:vi sono|ci sono|abbiamo|risulta\w*)|nessun\w?)\b[^.]{0,20}\b(?:prov[ae]|indizi\w?"
            r"|evidenz[ae]|segn[oi])?\b[^.]{0,40}\b(?:uso improprio|utilizzo improprio|abus[oi]|frod[ei]|utilizzat\w)"
        ),
        "nl": (
            r"\bgeen (?:aanwijzing(?:en)?|bewijs|tekenen|signalen)\b[^.]{0,60}\b(?:misbruik\w*|misbruikt|fraude"
            r"|gebruikt)|\bgeen misbruik bekend"
        ),
        "pt": (
            r"\bn\wo (?:h\w|temos|existem?)\b[^.]{0,25}\b(?:provas?|ind\wcios?|evid\wncias?"
            r"|conhecimento)\b[^.]{0,50}\b(?:uso indevido|utiliza\w+ (?:indevida|abusiva)|abusos?|fraude|utilizad"
            r"|usad)\w*"
        ),
        "pl": (
            r"\b(?:nie ma|nie mamy|brak|nie stwierdzili\wmy)\b[^.]{0,20}\b(?:dowod\ww|oznak|przes\wanek|\wlad\ww"
            r"|informacji)?\b[^.]{0,50}\b(?:nadu\w\w\w\w*|niew\wa\wciwego wykorzystania|wykorzystan\w*|oszustw\w*)"
        ),
    },
    "safe": {
        "en": (
            r"\b(?:data|information|accounts?|money|details) (?:is|are|was|were|remains?|remained|has been|have been) "
            r"(?:completely |fully |entirely |perfectly |still |now )?(?:safe|secure)\b|\bno (?:risk|danger) (?:to"
            r"|for) (?:you|anyone|people|customers|individuals|users)\b|\b(?:not|never) at (?:any )?risk\b|\bnothing "
            r"to worry about|\bno (?:need to worry|cause for concern)|\b100 ?% secure"
        ),
        "es": (
            r"\b(?:datos|informaci\wn|cuentas?) (?:est\wn?|sigu?en?|permanecen?) (?:completamente |totalmente )?(?:a "
            r"salvo|segur\w+)|\bno (?:hay|existe) (?:ning\wn )?(?:riesgo|peligro) para|\bno (?:tiene|hay) (?:de qu\w"
            r"|motivos? para) preocupar\w*"
        ),
        "fr": (
            r"\b(?:donn\wes|informations?|comptes?) (?:est|sont|restent?) (?:totalement |parfaitement |toujours "
            r")?(?:en s\wcurit\w|s\wcuris\w+|prot\wg\w+)|\baucun (?:risque|danger) pour|\baucune raison de (?:vous "
            r")?inqui\wt\w+"
        ),
        "de": (
            r"\b(?:Daten|Informationen|Konto|Konten) (?:ist|sind|waren?|bleiben) (?:weiterhin |vollst\wndig |v\wllig "
            r"|jederzeit )?sicher\b|\bkein(?:e|erlei)? (?:Risiko|Gefahr) f\wr|\bkein Grund zur (?:Sorge|Beunruhigung)"
        ),
        "it": (
            r"\b(?:dati|informazioni|conto|account) (?:\w|sono|resta\w*|rimang\w+) (?:completamente |del tutto "
            r")?(?:al sicuro|sicur\w)|\bnessun (?:rischio|pericolo) per|\bnon (?:c['’]\w|vi \w) (?:motivo|ragione) di "
            r"preoccup\w+"
        ),
        "nl": (
            r"\b(?:gegevens|informatie|account) (?:is|zijn|was|waren|blijven) (?:volledig |nog steeds )?veilig\b"
            r"|\bgeen (?:risico|gevaar) voor|\bgeen reden (?:tot|voor) (?:zorg|ongerustheid)"
        ),
        "pt": (
            r"\b(?:dados|informa\w+|conta) (?:est\wo?|est\w|continua\w*|permanece\w*) (?:completamente |totalmente "
            r")?(?:segur\w+|a salvo)|\bn\wo (?:h\w|existe) (?:qualquer |nenhum )?(?:risco|perigo) para|\bn\wo h\w "
            r"motivos? para preocup\w+"
        ),
        "pl": (
            r"\b(?:dane|informacje|konto) (?:s\w|jest|pozostaj\w) (?:ca\wkowicie |w pe\wni )?bezpieczn\w+|\bnie ma "
            r"(?:\wadnego )?(?:ryzyka|zagro\wenia) dla|\bnie ma powod\ww? do (?:obaw|niepokoju)"
        ),
    },
    "all_told": {
        "en": (
            r"\b(?:all|every|everyone|everybody|each)\b[^.:]{0,40}?\b(?:affected|concerned|customers?|people|persons?"
            r"|individuals?|residents?|users?|subscribers?)\b[^.:]{0,30}?\b(?:has|have|were|was) (?:already |now "
            r")?(?:been )?(?:told|notified|informed|contacted)"
        ),
        "es": (
            r"\b(?:tod[oa]s?|cada)\b[^.:]{0,60}?\b(?:han sido|ha sido|fueron|fue) (?:ya )?(?:informad|notificad"
            r"|avisad)\w*|\bhemos (?:informado|notificado|avisado) a tod[oa]s\b"
        ),
        "fr": (
            r"\b(?:toutes?|tous|chaque)\b[^.:]{0,60}?\b(?:ont|a) (?:d\wj\w )?\wt\w (?:inform|notifi|averti"
            r"|pr\wvenu)\w*|\bnous avons (?:inform\w|averti|pr\wvenu) (?:tous|toutes)\b"
        ),
        "de": (
            r"\b(?:alle|jede[rn]?|s\wmtliche)\b[^.:]{0,60}?\b(?:wurden?|sind|ist) (?:bereits |schon )?(?:informiert"
            r"|benachrichtigt|unterrichtet|verst\wndigt)|\bwir haben alle [^.:]{0,40}(?:informiert|benachrichtigt"
            r"|unterrichtet)"
        ),
        "it": (
            r"\b(?:tutt[ie]|ogni)\b[^.:]{0,60}?\b(?:sono|\w) (?:gi\w )?stat[ioae] (?:informat|avvisat|avvertit"
            r"|notificat)\w|\babbiamo (?:informato|avvisato) tutt[ie]\b"
        ),
        "nl": (
            r"\b(?:alle|iedere|elke|iedereen)\b[^.:]{0,60}?\b(?:zijn|is|werden|werd) (?:al |reeds )?(?:ge\wnformeerd"
            r"|op de hoogte gebracht|ingelicht)"
        ),
        "pt": (
            r"\b(?:tod[oa]s|cada)\b[^.:]{0,60}?\b(?:foram|foi) (?:j\w )?(?:informad|notificad|avisad)\w*"
            r"|\binform\wmos tod[oa]s\b"
        ),
        "pl": (
            r"\b(?:wszystkie|wszyscy|wszystkich|ka\wd[ya])\b[^.:]{0,60}?\b(?:zosta\w\w|zosta\wy|zosta\w) (?:ju\w "
            r")?(?:poinformowan|powiadomion|zawiadomion)\w*"
        ),
    },
    "wholly_contained": {
        "en": (
            r"\b(?:fully|completely|entirely|totally|permanently) (?:contained|resolved|remediated|eliminated"
            r"|recovered|under control)"
        ),
        "es": (
            r"\b(?:totalmente|completamente|plenamente) (?:contenid|resuelt|solucionad|controlad|eliminad"
            r"|recuperad)\w*"
        ),
        "fr": (
            r"\b(?:totalement|enti\wrement|compl\wtement|pleinement) (?:contenue?|r\wsolue?|ma\wtris\we?|ma\wtris\w"
            r"|rem\wdi\we?|\wlimin\we?)"
        ),
        "de": r"\b(?:vollst\wndig|komplett|restlos|v\wllig) (?:einged\wmmt|behoben|gel\wst|beseitigt|unter Kontrolle)",
        "it": (
            r"\b(?:totalmente|completamente|interamente|pienamente) (?:contenut|risolt|eliminat|ripristinat)\w|\bdel "
            r"tutto (?:contenut|risolt)\w"
        ),
        "nl": r"\b(?:volledig|geheel|helemaal) (?:ingedamd|verholpen|opgelost|onder controle|hersteld)",
        "pt": r"\b(?:totalmente|completamente|plenamente) (?:contid|resolvid|solucionad|eliminad|controlad|recuperad)\w*",
        "pl": r"\b(?:ca\wkowicie|w pe\wni|w ca\wo\wci) (?:opanowan|usuni\wt|rozwi\wzan|powstrzyman)\w*",
    },
    "encrypted": {
        "en": (
            r"\b(?:data|information|records|passwords?|they|it|laptop|device|drive) (?:was|were|is|are"
            r"|had been|has been|have been) (?:all |fully |strongly |securely |always )?(?:encrypted|unreadable)\b(?! "
            r"by| or taken)"
        ),
        "es": (
            r"\b(?:datos|informaci\wn|contrase\was?) (?:estaban?|est\wn?|se encontraban?) (?:totalmente "
            r"|completamente )?(?:cifrad|encriptad)\w*"
        ),
        "fr": (
            r"\b(?:donn\wes|informations|mots? de passe) (?:\wtaient|\wtait|sont|est) (?:enti\wrement |totalement "
            r"|tous |toutes )?(?:chiffr|crypt)\w+"
        ),
        "de": (
            r"\b(?:Daten|Informationen|Passw\wrter|Kennw\wrter) (?:waren?|sind|wurden) (?:vollst\wndig |durchgehend "
            r")?verschl\wsselt\b"
        ),
        "it": (
            r"\b(?:dati|informazioni|password) (?:erano|era|sono) (?:interamente |completamente |tutti )?(?:cifrat"
            r"|crittografat|criptat)\w"
        ),
        "nl": (
            r"\b(?:gegevens|informatie|wachtwoorden) (?:waren|was|zijn) (?:volledig |geheel |allemaal "
            r")?(?:versleuteld|gecodeerd)"
        ),
        "pt": (
            r"\b(?:dados|informa\w+|palavras-passe|senhas) (?:estavam?|est\wo|eram) (?:totalmente |todos )?(?:cifrad"
            r"|encriptad|criptografad)\w*"
        ),
        "pl": r"\b(?:dane|informacje|has\wa) (?:by\wy|s\w) (?:w pe\wni |ca\wkowicie )?(?:zaszyfrowane|szyfrowane)",
    },
    "never_again": {
        "en": (
            r"\bwill (?:never|not) (?:ever )?happen again|\b(?:cannot|can never|could never) happen again|\bwe (?:can "
            r")?guarantee\b|\bguaranteed? (?:that|the (?:safety|security))"
        ),
        "es": (
            r"\bno (?:volver\w|podr\w) (?:nunca )?(?:a (?:ocurrir|suceder|pasar)|repetirse)|\bgarantizamos\b|\bnunca "
            r"volver\w"
        ),
        "fr": r"\bne (?:se reproduira|se produira) (?:plus|jamais)|\bnous (?:vous )?garantissons\b",
        "de": (
            r"\bwird (?:sich )?(?:nie|nicht|niemals) (?:wieder|mehr) (?:vorkommen|passieren|geschehen|wiederholen)"
            r"|\bwir garantieren\b"
        ),
        "it": r"\bnon (?:succeder\w|accadr\w|si ripeter\w) (?:mai )?(?:pi\w)?|\bgarantiamo\b",
        "nl": r"\bzal (?:nooit|niet) (?:meer|opnieuw) (?:gebeuren|voorkomen)|\bwij garanderen\b|\bwe garanderen\b",
        "pt": (
            r"\bn\wo (?:voltar\w a|tornar\w a) (?:acontecer|ocorrer|repetir-se)|\bnunca mais\b[^.]{0,15}(?:acontecer"
            r"|ocorrer)\w*|\bgarantimos\b"
        ),
        "pl": r"\b(?:nigdy )?(?:wi\wcej )?si\w (?:wi\wcej |nigdy )?nie powt\wrzy|\bgwarantujemy\b",
    },
}
"""By claim and language. Matched whatever the case, with a space for any run of white space."""
