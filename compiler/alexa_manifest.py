"""The Alexa skill manifest: what the store shows and where requests go."""

from __future__ import annotations

from typing import Any

from compiler.source import Edition, Source
from compiler.voices import alexa_locale

_EXAMPLES = 3


def alexa_manifest(source: Source, *, endpoint: str | None) -> dict[str, Any]:
    """The manifest (Alexa Skills Kit, "Skill manifest schema") with the function's ARN as endpoint, or with none yet.

    The skill is private: who publishes it adds icons, privacy policy and countries in the developer console.
    """
    locales = {
        name: _listing(edition) for edition in source.editions.values() if (name := alexa_locale(edition.locale))
    }
    where = {"endpoint": {"uri": endpoint}} if endpoint else {}
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "locales": locales,
                "isAvailableWorldwide": False,
                "distributionCountries": [],
                "distributionMode": "PRIVATE",
            },
            "apis": {"custom": {**where, "interfaces": []}},
            "permissions": [],
            "privacyAndCompliance": {
                "allowsPurchases": False,
                "usesPersonalInfo": True,
                "isChildDirected": False,
                "isExportCompliant": True,
                "containsAds": False,
            },
        }
    }


def _listing(edition: Edition) -> dict[str, Any]:
    invocation = edition.bank.invocation
    asked = [
        next(text for text in intent.samples if "{" not in text)
        for name in edition.bank.menu
        if (intent := edition.intents.get(name)) and any("{" not in text for text in intent.samples)
    ]
    return {
        "name": edition.bank.name,
        "summary": edition.bank.name,
        "description": edition.phrases["help"].shown[0],
        "examplePhrases": [f"Alexa, open {invocation}", *asked][:_EXAMPLES],
        "keywords": [],
    }
