"""What countries are called in tables: English names, those of the eight notice languages, and their own official ones.

The names are those of Unicode CLDR 47 (Unicode License v3), with former and short English names added. A line is the
two-letter code, the three-letter code, and the names beside the vocabulary's own; a line that begins with spaces goes on.
"""

from __future__ import annotations

from collections.abc import Iterator

_NAMES = """\
AD AND Andorre | Andora
AE ARE Emiratos Árabes Unidos | Émirats arabes unis | Vereinigte Arabische Emirate | Emirati Arabi Uniti | Verenigde Arabische
    Emiraten | Emirados Árabes Unidos | Zjednoczone Emiraty Arabskie | الإمارات العربية المتحدة | UAE
AF AFG Afganistán | Afeganistão | افغانستان
AG ATG Antigua & Barbuda | Antigua y Barbuda | Antigua-et-Barbuda | Antigua und Barbuda | Antigua e Barbuda | Antigua en
    Barbuda | Antigua i Barbuda
AI AIA Anguila
AL ALB Albanie | Albanien | Shqipëri
AM ARM Arménie | Armenien | Հայաստան
AO AGO
AQ ATA Antártida | Antarctique | Antarktis | Antartide | Antarktyda
AR ARG Argentine | Argentinien | Argentinië | Argentyna
AS ASM Samoa Americana | Samoa américaines | Amerikanisch-Samoa | Samoa Americane | Amerikaans-Samoa | Samoa Amerykańskie
AT AUT Autriche | Österreich | Oostenrijk
AU AUS Australie | Australien
AW ABW
AX ALA Islas Aland | Îles Åland | Ålandinseln | Isole Åland | Åland | Ilhas Aland | Wyspy Alandzkie
AZ AZE Azerbaiyán | Azerbaïdjan | Aserbaidschan | Azerbaigian | Azerbeidzjan | Azerbaijão | Azerbejdżan | Azərbaycan |
    Азәрбајҹан
BA BIH Bosnia & Herzegovina | Bosnia y Herzegovina | Bosnie-Herzégovine | Bosnien und Herzegowina | Bosnia ed Erzegovina |
    Bosnië en Herzegovina | Bósnia e Herzegovina | Bośnia i Hercegowina | Bosna i Hercegovina | Босна и Херцеговина | Bosnia
BB BRB Barbade
BD BGD Bangladés | Bangladesch | Bangladesz | বাংলাদেশ
BE BEL Bélgica | Belgique | Belgien | Belgio | België | Belgia
BF BFA Burquina Faso
BG BGR Bulgarie | Bulgarien | Bulgarije | Bułgaria | България
BH BHR Baréin | Bahreïn | Bahrajn | البحرين
BI BDI Uburundi
BJ BEN
BL BLM St. Barthélemy | San Bartolomé | São Bartolomeu
BM BMU Bermudas | Bermudes | Bermudy
BN BRN Brunei Darussalam | بروني
BO BOL Bolivie | Bolivien | Boliwia | Bolivia, Plurinational State of
BQ BES Caribbean Netherlands | Caribe neerlandés | Pays-Bas caribéens | Karibische Niederlande | Caraibi Olandesi | Caribisch
    Nederland | Países Baixos Caribenhos | Niderlandy Karaibskie | Bonaire
BR BRA Brasil | Brésil | Brasilien | Brasile | Brazilië | Brazylia
BS BHS Bahamas | Bahamy
BT BTN Bután | Bhoutan | Butão | འབྲུག
BV BVT Isla Bouvet | Île Bouvet | Bouvetinsel | Isola Bouvet | Bouveteiland | Ilha Bouvet | Wyspa Bouveta
BW BWA Botsuana
BY BLR Bielorrusia | Biélorussie | Bielorussia | Bielorrússia | Białoruś | Беларусь
BZ BLZ Belice
CA CAN Kanada
CC CCK Islas Cocos | Îles Cocos | Kokosinseln | Isole Cocos (Keeling) | Cocoseilanden | Ilhas Cocos (Keeling) | Wyspy Kokosowe
CD COD Congo - Kinshasa | República Democrática del Congo | Kongo-Kinshasa | Demokratyczna Republika Konga | Congo, The
    Democratic Republic of the | DR Congo | DRC
CF CAF República Centroafricana | République centrafricaine | Zentralafrikanische Republik | Repubblica Centrafricana |
    Centraal-Afrikaanse Republiek | Republika Środkowoafrykańska | Ködörösêse tî Bêafrîka
CG COG Congo - Brazzaville | Kongo-Brazzaville | República do Congo | Congo, Republic of the
CH CHE Suiza | Suisse | Schweiz | Svizzera | Zwitserland | Suíça | Szwajcaria | Schwiiz | Confoederatio Helvetica
CI CIV Costa d’Avorio | Ivoorkust | Costa do Marfim | Ivory Coast
CK COK Islas Cook | Îles Cook | Cookinseln | Isole Cook | Cookeilanden | Ilhas Cook | Wyspy Cooka
CL CHL Chili | Cile
CM CMR Camerún | Cameroun | Kamerun | Kameroen | Camarões
CN CHN Chine | Cina | Chiny | 中国 | People's Republic of China
CO COL Colombie | Kolumbien | Kolumbia
CR CRI Kostaryka
CU CUB Kuba
CV CPV Cape Verde | Cap-Vert | Capo Verde | Kaapverdië | Republika Zielonego Przylądka
CW CUW Curazao | Kòrsou
CX CXR Isla de Navidad | Île Christmas | Weihnachtsinsel | Isola Christmas | Christmaseiland | Ilha Christmas | Wyspa Bożego
    Narodzenia
CY CYP Chipre | Chypre | Zypern | Cipro | Cypr | Κύπρος | Kıbrıs
CZ CZE Chequia | Tchéquie | Tschechien | Cechia | Tsjechië | Tchéquia | Czechy | Česko | Czech Republic
DE DEU Alemania | Allemagne | Deutschland | Germania | Duitsland | Alemanha | Niemcy | BRD | Federal Republic of Germany |
    Bundesrepublik Deutschland
DJ DJI Yibuti | Dschibuti | Gibuti | Djibuti | Dżibuti | جيبوتي
DK DNK Dinamarca | Danemark | Danimarca | Denemarken | Dania | Danmark
DM DMA Dominique | Dominika
DO DOM República Dominicana | République dominicaine | Dominikanische Republik | Repubblica Dominicana | Dominicaanse
    Republiek | Dominikana
DZ DZA Argelia | Algérie | Algerien | Algerije | Algieria | الجزائر
EC ECU Équateur | Equador | Ekwador
EE EST Estonie | Estland | Eesti
EG EGY Egipto | Égypte | Ägypten | Egitto | Egito | Egipt | مصر
EH ESH Sáhara Occidental | Westsahara | Sahara Occidentale | Westelijke Sahara | Saara Ocidental | Sahara Zachodnia | الصحراء
    الغربية
ER ERI Érythrée | Eritreia | Erytrea | ኤርትራ | إريتريا
ES ESP España | Espagne | Spanien | Spagna | Spanje | Espanha | Hiszpania
ET ETH Etiopía | Éthiopie | Äthiopien | ኢትዮጵያ
FI FIN Finlandia | Finlande | Finnland | Suomi
FJ FJI Fiyi | Fidji | Fidschi | Figi | Fidżi
FK FLK Islas Malvinas | Îles Malouines | Falklandinseln | Isole Falkland | Falklandeilanden | Ilhas Malvinas | Falklandy |
    Falkland Islands (Malvinas)
FM FSM Micronésie | Mikronesien | Mikronezja | Micronesia, Federated States of | Federated States of Micronesia
FO FRO Islas Feroe | Îles Féroé | Färöer | Isole Fær Øer | Faeröer | Ilhas Faroé | Wyspy Owcze | Føroyar
FR FRA Francia | Frankreich | Frankrijk | França | Francja
GA GAB Gabun | Gabão
GB GBR Reino Unido | Royaume-Uni | Vereinigtes Königreich | Regno Unito | Verenigd Koninkrijk | Wielka Brytania | Great
    Britain | Britain | Großbritannien | Gran Bretaña | Grande-Bretagne | Gran Bretagna | Groot-Brittannië | Grã-Bretanha
GD GRD Granada | Grenade
GE GEO Géorgie | Georgien | Gruzja | საქართველო
GF GUF Guayana Francesa | Guyane française | Französisch-Guayana | Guyana Francese | Frans-Guyana | Guiana Francesa | Gujana
    Francuska
GG GGY Guernesey
GH GHA Gana
GI GIB Gibilterra
GL GRL Groenlandia | Groenland | Grönland | Grenlandia | Kalaallit Nunaat
GM GMB Gambia | Gambie
GN GIN Guinée | Guiné | Gwinea
GP GLP Guadalupe | Guadalupa | Gwadelupa
GQ GNQ Guinea Ecuatorial | Guinée équatoriale | Äquatorialguinea | Guinea Equatoriale | Equatoriaal-Guinea | Guiné Equatorial
    | Gwinea Równikowa
GR GRC Grecia | Grèce | Griechenland | Griekenland | Grecja | Ελλάδα
GS SGS South Georgia & South Sandwich Islands | Islas Georgia del Sur y Sandwich del Sur | Géorgie du Sud-et-les Îles Sandwich
    du Sud | Südgeorgien und die Südlichen Sandwichinseln | Georgia del Sud e Sandwich Australi | Zuid-Georgia en Zuidelijke
    Sandwicheilanden | Ilhas Geórgia do Sul e Sandwich do Sul | Georgia Południowa i Sandwich Południowy
GT GTM Gwatemala
GU GUM
GW GNB Guinea-Bisáu | Guinée-Bissau | Guiné-Bissau | Gwinea Bissau
GY GUY Guiana | Gujana
HK HKG Hong Kong SAR China | RAE de Hong Kong (China) | R.A.S. chinoise de Hong Kong | Sonderverwaltungsregion Hongkong | RAS
    di Hong Kong | Hongkong SAR van China | Hong Kong, RAE da China | SRA Hongkong (Chiny) | 中國香港特別行政區 | Hong Kong SAR
HM HMD Heard & McDonald Islands | Islas Heard y McDonald | Îles Heard-et-MacDonald | Heard und McDonaldinseln | Isole Heard e
    McDonald | Heard en McDonaldeilanden | Ilhas Heard e McDonald | Wyspy Heard i McDonalda
HN HND
HR HRV Croacia | Croatie | Kroatien | Croazia | Kroatië | Chorwacja | Hrvatska
HT HTI
HU HUN Hungría | Hongrie | Ungarn | Ungheria | Hongarije | Węgry | Magyarország
ID IDN Indonésie | Indonesien | Indonezja
IE IRL Irlanda | Irlande | Irland | Ierland | Irlandia | Éire | Republic of Ireland
IL ISR Israele | Izrael | ישראל | إسرائيل
IM IMN Isla de Man | Île de Man | Isola di Man | Ilha de Man | Wyspa Man | Ellan Vannin
IN IND Inde | Indien | Indie | भारत
IO IOT Territorio Británico del Océano Índico | Territoire britannique de l’océan Indien | Britisches Territorium im Indischen
    Ozean | Territorio Britannico dell’Oceano Indiano | Brits Indische Oceaanterritorium | Território Britânico do Oceano
    Índico | Brytyjskie Terytorium Oceanu Indyjskiego
IQ IRQ Irak | Iraque | العراق
IR IRN Irã | ایران | Iran, Islamic Republic of
IS ISL Islandia | Islande | Island | Islanda | IJsland
IT ITA Italia | Italie | Italien | Włochy
JE JEY
JM JAM Jamaïque | Jamaika | Giamaica | Jamajka
JO JOR Jordania | Jordanie | Jordanien | Giordania | الأردن
JP JPN Japón | Giappone | Japão | Japonia | 日本
KE KEN Kenia | Quênia
KG KGZ Kirguistán | Kirghizstan | Kirgisistan | Kirghizistan | Kirgizië | Quirguistão | Kirgistan | Кыргызстан | Киргизия
KH KHM Camboya | Cambodge | Kambodscha | Cambogia | Cambodja | Camboja | Kambodża | កម្ពុជា
KI KIR Quiribati
KM COM Comoras | Comores | Komoren | Comore | Comoren | Komory | جزر القمر
KN KNA St. Kitts & Nevis | San Cristóbal y Nieves | Saint-Christophe-et-Niévès | St. Kitts und Nevis | Saint Kitts e Nevis |
    Saint Kitts en Nevis | São Cristóvão e Névis | Saint Kitts i Nevis
KP PRK Corea del Norte | Corée du Nord | Nordkorea | Corea del Nord | Noord-Korea | Coreia do Norte | Korea Północna | 북한 |
    Korea, Democratic People's Republic of
KR KOR Corea del Sur | Corée du Sud | Südkorea | Corea del Sud | Zuid-Korea | Coreia do Sul | Korea Południowa | 대한민국 |
    Republic of Korea | Korea, Republic of
KW KWT Koweït | Koeweit | Kuwejt | الكويت
KY CYM Islas Caimán | Îles Caïmans | Kaimaninseln | Isole Cayman | Kaaimaneilanden | Ilhas Cayman | Kajmany
KZ KAZ Kazajistán | Kasachstan | Kazakistan | Kazachstan | Cazaquistão | Казахстан | Қазақстан
LA LAO ລາວ | Lao People's Democratic Republic
LB LBN Líbano | Liban | Libanon | لبنان
LC LCA St. Lucia | Santa Lucía | Sainte-Lucie
LI LIE Liächteschtäi
LK LKA ශ්‍රී ලංකාව | இலங்கை
LR LBR
LS LSO Lesoto
LT LTU Lituania | Lituanie | Litauen | Litouwen | Litwa | Lietuva
LU LUX Luxemburgo | Luxemburg | Lussemburgo | Luksemburg | Lëtzebuerg
LV LVA Letonia | Lettonie | Lettland | Lettonia | Letland | Łotwa | Latvija
LY LBY Libia | Libye | Libyen | Libië | ليبيا
MA MAR Marruecos | Maroc | Marokko | Marocco | Marrocos | Maroko | المغرب | Meṛṛuk
MC MCO Monako
MD MDA Moldavia | Moldavie | Republik Moldau | Mołdawia | Republica Moldova | Moldova, Republic of | Republic of Moldova
ME MNE Czarnogóra | Crna Gora
MF MAF St. Martin | San Martín | Saint-Martin | São Martinho
MG MDG Madagaskar | Madagasikara
MH MHL Islas Marshall | Îles Marshall | Marshallinseln | Isole Marshall | Marshalleilanden | Ilhas Marshall | Wyspy Marshalla
MK MKD Macedonia del Norte | Macédoine du Nord | Nordmazedonien | Macedonia del Nord | Noord-Macedonië | Macedônia do Norte |
    Macedonia Północna | Северна Македонија | Macedonia
ML MLI
MM MMR Myanmar (Burma) | Myanmar (Birmania) | Myanmar (Birmanie) | Myanmar (Birma) | Mianmar (Birmânia) | Mjanma (Birma) |
    မြန်မာ | Burma
MN MNG Mongolie | Mongolei | Монгол
MO MAC Macao SAR China | RAE de Macao (China) | R.A.S. chinoise de Macao | Sonderverwaltungsregion Macau | RAS di Macao |
    Macau SAR van China | Macau, RAE da China | SRA Makau (Chiny) | 中國澳門特別行政區 | Macau
MP MNP Islas Marianas del Norte | Îles Mariannes du Nord | Nördliche Marianen | Isole Marianne Settentrionali | Noordelijke
    Marianen | Ilhas Marianas do Norte | Mariany Północne
MQ MTQ Martinica | Martynika
MR MRT Mauritanie | Mauretanien | Mauretania | موريتانيا
MS MSR
MT MLT Malte
MU MUS Mauricio | Maurice
MV MDV Maldivas | Malediven | Maldive | Maldiven | Malediwy | ދިވެހި ރާއްޖެ
MW MWI Malaui
MX MEX Mexique | Mexiko | Messico | Meksyk
MY MYS Malasia | Malaisie | Maleisië | Malezja
MZ MOZ Mosambik | Mozambico | Moçambique | Mozambik
NA NAM Namibie
NC NCL Nueva Caledonia | Nouvelle-Calédonie | Neukaledonien | Nuova Caledonia | Nieuw-Caledonië | Nova Caledônia | Nowa
    Kaledonia
NE NER
NF NFK Isla Norfolk | Île Norfolk | Norfolkinsel | Isola Norfolk | Norfolk | Ilha Norfolk
NG NGA Nàìjíríà
NI NIC Nikaragua
NL NLD Países Bajos | Pays-Bas | Niederlande | Paesi Bassi | Nederland | Países Baixos | Holandia | Holland | The Netherlands
    | Holanda | Hollande | Olanda
NO NOR Noruega | Norvège | Norwegen | Norvegia | Noorwegen | Norwegia | Norge | Noreg
NP NPL नेपाल
NR NRU
NU NIU
NZ NZL Nueva Zelanda | Nouvelle-Zélande | Neuseeland | Nuova Zelanda | Nieuw-Zeeland | Nova Zelândia | Nowa Zelandia |
    Aotearoa
OM OMN Omã | عُمان
PA PAN
PE PER Pérou
PF PYF Polinesia Francesa | Polynésie française | Französisch-Polynesien | Polinesia Francese | Frans-Polynesië | Polinezja
    Francuska
PG PNG Papúa Nueva Guinea | Papouasie-Nouvelle-Guinée | Papua-Neuguinea | Papua Nuova Guinea | Papoea-Nieuw-Guinea |
    Papua-Nova Guiné | Papua-Nowa Gwinea | Papua Niugini
PH PHL Filipinas | Philippinen | Filippine | Filipijnen | Filipiny | Pilipinas
PK PAK Paquistão | پاکستان
PL POL Polonia | Pologne | Polen | Polska
PM SPM St. Pierre & Miquelon | San Pedro y Miquelón | Saint-Pierre-et-Miquelon | St. Pierre und Miquelon | Saint-Pierre e
    Miquelon | Saint-Pierre en Miquelon | São Pedro e Miquelão | Saint-Pierre i Miquelon
PN PCN Pitcairn Islands | Islas Pitcairn | Îles Pitcairn | Pitcairninseln | Isole Pitcairn | Pitcairneilanden | Ilhas Pitcairn
PR PRI Porto Rico | Portoryko
PS PSE Palestinian Territories | Territorios Palestinos | Territoires palestiniens | Palästinensische Autonomiegebiete |
    Territori Palestinesi | Palestijnse gebieden | Terytoria Palestyńskie | الأراضي الفلسطينية | Palestine, State of
PT PRT Portogallo | Portugalia
PW PLW Palaos
PY PRY Paraguai | Paragwaj
QA QAT Catar | Katar | قطر
RE REU La Réunion | Riunione | Reunião
RO ROU Rumanía | Roumanie | Rumänien | Roemenië | Romênia | Rumunia
RS SRB Serbie | Serbien | Servië | Sérvia | Србија | Srbija
RU RUS Rusia | Russie | Russland | Rusland | Rosja | Россия | Russian Federation
RW RWA Ruanda | U Rwanda
SA SAU Arabia Saudí | Arabie saoudite | Saudi-Arabien | Arabia Saudita | Saoedi-Arabië | Arabia Saudyjska | المملكة العربية
    السعودية
SB SLB Islas Salomón | Îles Salomon | Salomonen | Isole Salomone | Salomonseilanden | Ilhas Salomão | Wyspy Salomona
SC SYC Seychellen | Seicheles | Seszele
SD SDN Soudan | Soedan | Sudão | السودان
SE SWE Suecia | Suède | Schweden | Svezia | Zweden | Szwecja | Sverige
SG SGP Singapur | Singapour | Singapura | 新加坡 | சிங்கப்பூர்
SH SHN St. Helena | Santa Elena | Sainte-Hélène | Sant’Elena | Sint-Helena | Santa Helena | Wyspa Świętej Heleny | Saint
    Helena
SI SVN Eslovenia | Slovénie | Slowenien | Słowenia | Slovenija
SJ SJM Svalbard & Jan Mayen | Svalbard y Jan Mayen | Svalbard et Jan Mayen | Spitzbergen und Jan Mayen | Svalbard e Jan Mayen
    | Spitsbergen en Jan Mayen | Svalbard i Jan Mayen | Svalbard og Jan Mayen
SK SVK Eslovaquia | Slovaquie | Slowakei | Slovacchia | Slowakije | Słowacja | Slovensko | Slovak Republic
SL SLE Sierra Leona | Serra Leoa
SM SMR Saint-Marin
SN SEN Senegaal
SO SOM Somalie | Soomaaliya | الصومال
SR SUR Surinam
SS SSD Sudán del Sur | Soudan du Sud | Südsudan | Zuid-Soedan | Sudão do Sul | Sudan Południowy
ST STP São Tomé & Príncipe | Santo Tomé y Príncipe | Sao Tomé-et-Principe | São Tomé und Príncipe | São Tomé e Príncipe | Sao
    Tomé en Principe | Wyspy Świętego Tomasza i Książęca
SV SLV Salvador | Salwador
SX SXM Sint Maarten | Saint-Martin (partie néerlandaise)
SY SYR Siria | Syrie | Syrien | سوريا | Syrian Arab Republic
SZ SWZ Esuatini | Essuatíni | Swaziland
TC TCA Turks & Caicos Islands | Islas Turcas y Caicos | Îles Turques-et-Caïques | Turks- und Caicosinseln | Isole Turks e
    Caicos | Turks- en Caicoseilanden | Ilhas Turcas e Caicos | Turks i Caicos
TD TCD Tchad | Tschad | Ciad | Tsjaad | Chade | Czad | تشاد
TF ATF Territorios Australes Franceses | Terres australes françaises | Französische Süd- und Antarktisgebiete | Terre Australi
    Francesi | Franse Gebieden in de zuidelijke Indische Oceaan | Territórios Franceses do Sul | Francuskie Terytoria
    Południowe i Antarktyczne
TG TGO
TH THA Tailandia | Thaïlande | Thailandia | Tajlandia | ไทย
TJ TJK Tayikistán | Tadjikistan | Tadschikistan | Tagikistan | Tadzjikistan | Tadjiquistão | Tadżykistan | Тоҷикистон
TK TKL
TL TLS Timor oriental | Timor Est | Oost-Timor | Timor Wschodni | East Timor
TM TKM Turcomenistão
TN TUN Túnez | Tunisie | Tunesien | Tunesië | Tunezja | تونس
TO TON
TR TUR Turquía | Turquie | Türkei | Turchia | Turkije | Turcja | Turkey
TT TTO Trinidad & Tobago | Trinidad y Tobago | Trinité-et-Tobago | Trinidad und Tobago | Trinidad e Tobago | Trinidad en
    Tobago | Trynidad i Tobago
TV TUV
TW TWN Tajwan | 台灣 | Taiwan, Province of China
TZ TZA Tanzanie | Tansania | Tanzania, United Republic of
UA UKR Ucrania | Ucraina | Oekraïne | Ukraina | Україна | Украина
UG UGA Ouganda | Oeganda
UM UMI U.S. Outlying Islands | Islas menores alejadas de EE. UU. | Îles mineures éloignées des États-Unis | Amerikanische
    Überseeinseln | Isole Minori Esterne degli Stati Uniti | Kleine afgelegen eilanden van de Verenigde Staten | Ilhas Menores
    Distantes dos EUA | Dalekie Wyspy Mniejsze Stanów Zjednoczonych
US USA Estados Unidos | États-Unis | Vereinigte Staaten | Stati Uniti | Verenigde Staten | Stany Zjednoczone | United States
    of America | America
UY URY Uruguai | Urugwaj
UZ UZB Ouzbékistan | Usbekistan | Oezbekistan | Uzbequistão | Oʻzbekiston | Ўзбекистон
VA VAT Vatican City | Ciudad del Vaticano | État de la Cité du Vatican | Vatikanstadt | Città del Vaticano | Vaticaanstad |
    Cidade do Vaticano | Watykan | Vatican | Holy See
VC VCT St. Vincent & Grenadines | San Vicente y las Granadinas | Saint-Vincent-et-les Grenadines | St. Vincent und die
    Grenadinen | Saint Vincent e Grenadine | Saint Vincent en de Grenadines | São Vicente e Granadinas | Saint Vincent i
    Grenadyny
VE VEN Wenezuela | Venezuela, Bolivarian Republic of
VG VGB Islas Vírgenes Británicas | Îles Vierges britanniques | Britische Jungferninseln | Isole Vergini Britanniche | Britse
    Maagdeneilanden | Ilhas Virgens Britânicas | Brytyjskie Wyspy Dziewicze | Virgin Islands, British
VI VIR Islas Vírgenes de EE. UU. | Îles Vierges des États-Unis | Amerikanische Jungferninseln | Isole Vergini Americane |
    Amerikaanse Maagdeneilanden | Ilhas Virgens Americanas | Wyspy Dziewicze Stanów Zjednoczonych | Virgin Islands, U.S. |
    United States Virgin Islands
VN VNM Vietnã | Wietnam
VU VUT
WF WLF Wallis & Futuna | Wallis y Futuna | Wallis-et-Futuna | Wallis und Futuna | Wallis e Futuna | Wallis en Futuna | Wallis
    i Futuna
WS WSM
YE YEM Jemen | Iêmen | اليمن
YT MYT Majotta
ZA ZAF Sudáfrica | Afrique du Sud | Südafrika | Zuid-Afrika | África do Sul | Republika Południowej Afryki
ZM ZMB Zambie | Sambia
ZW ZWE Zimbabue | Simbabwe
"""


def country_names() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each country's two-letter code, three-letter code and names."""
    for line in _NAMES.replace("\n    ", " ").splitlines():
        code, three, *rest = line.split(" ", 2)
        yield code, three, tuple(name.strip() for name in "".join(rest).split("|") if name.strip())
