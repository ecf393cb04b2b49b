"""Names of places that are known without any context: countries, the states of the US, some large cities."""

from __future__ import annotations

_COUNTRIES = """
afghanistan, albania, algeria, argentina, armenia, australia, austria, azerbaijan, bahamas, bahrain,
bangladesh, barbados, belarus, belgium, belize, bolivia, bosnia, botswana, brazil, bulgaria, cambodia,
cameroon, canada, chile, china, colombia, costa rica, croatia, cuba, cyprus, czech republic, czechia,
denmark, dominican republic, ecuador, egypt, el salvador, england, estonia, ethiopia, fiji, finland, france,
georgia, germany, ghana, great britain, greece, greenland, guatemala, haiti, honduras, hong kong, hungary,
iceland, india, indonesia, iran, iraq, ireland, israel, italy, jamaica, japan, jordan, kazakhstan, kenya,
kuwait, laos, latvia, lebanon, libya, liechtenstein, lithuania, luxembourg, madagascar, malaysia, maldives,
malta, mauritius, mexico, moldova, monaco, mongolia, montenegro, morocco, mozambique, myanmar, namibia,
nepal, netherlands, new zealand, nicaragua, nigeria, north macedonia, northern ireland, norway, oman,
pakistan, panama, paraguay, peru, philippines, poland, portugal, puerto rico, qatar, romania, russia,
rwanda, saudi arabia, scotland, senegal, serbia, singapore, slovakia, slovenia, south africa, south korea,
spain, sri lanka, sudan, sweden, switzerland, syria, taiwan, tanzania, thailand, tunisia, turkey, uganda,
ukraine, united arab emirates, united kingdom, united states, uruguay, uzbekistan, venezuela, vietnam,
wales, zambia, zimbabwe, holland, usa, uk
"""

_STATES = """
alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware, florida, georgia, hawaii,
idaho, illinois, indiana, iowa, kansas, kentucky, louisiana, maine, maryland, massachusetts, michigan,
minnesota, mississippi, missouri, montana, nebraska, nevada, new hampshire, new jersey, new mexico, new
york, north carolina, north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina,
south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia, wisconsin, wyoming,
district of columbia
"""

_CITIES = """
amsterdam, atlanta, austin, baltimore, bangkok, barcelona, beijing, berlin, boise, boston, brussels,
budapest, buffalo, cairo, charlotte, chicago, cincinnati, cleveland, columbus, copenhagen, dallas, delhi,
denver, detroit, dubai, dublin, edinburgh, fresno, geneva, hamburg, helsinki, hong kong, honolulu, houston,
indianapolis, istanbul, jacksonville, johannesburg, kansas city, kyoto, las vegas, lisbon, london, los
angeles, louisville, madrid, manchester, melbourne, memphis, mexico city, miami, milan, milwaukee,
minneapolis, montreal, moscow, mumbai, munich, nashville, new orleans, new york, new york city, newark,
oakland, oklahoma city, omaha, orlando, osaka, oslo, paris, philadelphia, phoenix, pittsburgh, portland,
prague, raleigh, richmond, rio de janeiro, rome, sacramento, salt lake city, san antonio, san diego, san
francisco, san jose, sao paulo, seattle, seoul, shanghai, singapore, springfield, st louis, stockholm,
sydney, tampa, tokyo, toronto, tucson, vancouver, venice, vienna, warsaw, washington, zurich
"""


def _titled(names: str) -> dict[str, str]:
    cleaned = (" ".join(name.split()) for name in names.split(","))
    return {name: name.upper() if name in ("usa", "uk") else _title(name) for name in cleaned}


def _title(name: str) -> str:
    return " ".join(word if word in ("of", "de") else word.capitalize() for word in name.split())


COUNTRIES = _titled(_COUNTRIES) | {"america": "United States", "the states": "United States"}
STATES = _titled(_STATES)
CITIES = _titled(_CITIES)
"""Lower-case name to the name as it is written."""
