"""Locales of Lex V2 and Amazon Polly's voices for them, with their engines.

Lex V2 developer guide, "Languages and locales"; Amazon Polly developer guide, "Available voices". A bot
with a voice that lacks the engine is refused by Lex when it is created.
"""

from __future__ import annotations

from collections.abc import Mapping

_S, _N, _G, _L = "standard", "neural", "generative", "long-form"

VOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "de_AT": {"Hannah": (_N, _G)},
    "de_DE": {"Vicki": (_S, _N, _G), "Daniel": (_N, _G), "Marlene": (_S,), "Hans": (_S,)},
    "en_AU": {"Olivia": (_N, _G), "Nicole": (_S,), "Russell": (_S,)},
    "en_GB": {"Amy": (_S, _N, _G), "Emma": (_S, _N), "Brian": (_S, _N), "Arthur": (_N,)},
    "en_IN": {"Kajal": (_N, _G), "Aditi": (_S,), "Raveena": (_S,)},
    "en_US": {
        "Danielle": (_N, _G, _L), "Gregory": (_N, _L), "Ivy": (_S, _N), "Joanna": (_S, _N, _G),
        "Joey": (_S, _N), "Justin": (_S, _N), "Kendra": (_S, _N), "Kevin": (_N,),
        "Kimberly": (_S, _N),
        "Matthew": (_S, _N, _G), "Patrick": (_L,), "Ruth": (_N, _G, _L),
        "Salli": (_S, _N, _G), "Stephen": (_N, _G),
    },
    "en_ZA": {"Ayanda": (_N, _G)},
    "es_419": {"Mia": (_S, _N, _G), "Andres": (_N, _G)},
    "es_ES": {
        "Lucia": (_S, _N, _G), "Sergio": (_N, _G), "Conchita": (_S,), "Enrique": (_S,),
        "Alba": (_L,), "Raul": (_L,),
    },
    "es_US": {"Lupe": (_S, _N, _G), "Pedro": (_N, _G), "Miguel": (_S,), "Penelope": (_S,)},
    "fr_CA": {"Gabrielle": (_N, _G), "Liam": (_N, _G), "Chantal": (_S,)},
    "fr_FR": {"Lea": (_S, _N, _G), "Remi": (_N, _G), "Celine": (_S,), "Mathieu": (_S,)},
    "it_IT": {"Bianca": (_S, _N, _G), "Adriano": (_N,), "Carla": (_S,), "Giorgio": (_S,)},
    "ja_JP": {"Takumi": (_S, _N), "Kazuha": (_N,), "Tomoko": (_N,), "Mizuki": (_S,)},
    "ko_KR": {"Seoyeon": (_S, _N, _G)},
    "pt_BR": {"Camila": (_S, _N, _G), "Vitoria": (_S, _N), "Thiago": (_N,), "Ricardo": (_S,)},
    "pt_PT": {"Ines": (_S, _N), "Cristiano": (_S,)},
    "zh_CN": {"Zhiyu": (_S, _N)},
}  # fmt: skip

ALEXA_LOCALES = frozenset(
    "ar-SA de-DE en-AU en-CA en-GB en-IN en-US es-ES es-MX es-US fr-CA fr-FR hi-IN it-IT ja-JP nl-NL pt-BR".split()
)


def alexa_locale(locale: str) -> str | None:
    """The Alexa Skills Kit's name for the locale; None where Alexa does not speak it."""
    name = locale.replace("_", "-")
    return name if name in ALEXA_LOCALES else None
