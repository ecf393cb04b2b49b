"""An export for people: one HTML page that asks nobody for anything, and for programs: the same as JSON.

Nothing in the page runs, loads or leads anywhere: no script, no link, no form, one style named by its hash. Every
text in it was somebody's, so each is escaped where it is placed, and there is one place (`_text`) that does it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from throughline.records.export_words import Moment

STYLE: Final = (
    ":root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}"
    "body{max-width:48rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid}"
    "h2::first-letter,dt::first-letter{text-transform:uppercase}"
    "section>div{padding:.5rem 0;border-bottom:1px solid #8884}"
    "dl{margin:0;display:grid;grid-template-columns:minmax(6rem,10rem) 1fr;gap:.1rem .8rem}"
    "dt{opacity:.75}dd{margin:0;white-space:pre-wrap}"
    "@media(max-width:32rem){dl{grid-template-columns:1fr}dt{margin-top:.3rem;font-size:.85rem}}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY: Final = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"
"""The page's own content security policy: the style above, and nothing else at all."""
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""Controls, half characters, and what turns the direction of a text around."""


def as_json(document: Mapping[str, Any]) -> str:
    """The document for programs; ASCII alone, so that no reader trips over its encoding."""
    return json.dumps(document, indent=2) + "\n"


def page(document: Mapping[str, Any]) -> str:
    """The document for people: its first text introduces, each other one stands behind its name."""
    intro, *lines = [(name, value) for name, value in document.items() if isinstance(value, str)] or [("", "")]
    lead = f"<p>{_text(intro[1])}</p>" + (f"<div>{_entry(dict(lines))}</div>" if lines else "")
    parts = "".join(_section(name, value) for name, value in document.items() if isinstance(value, list))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        f"<title>Your data</title><style>{STYLE}</style></head><body><h1>Your data</h1>{lead}{parts}</body></html>\n"
    )


def _section(name: str, entries: list[Any]) -> str:
    inner = "".join(f"<div>{_entry(entry)}</div>" for entry in entries) or "<p>Nothing.</p>"
    return f"<section><h2>{_text(name)}</h2>{inner}</section>"


def _entry(entry: Any) -> str:
    if not isinstance(entry, Mapping):
        return _text(entry.words if isinstance(entry, Moment) else entry)
    pairs = (f'<dt>{_text(name)}</dt><dd dir="auto">{_entry(value)}</dd>' for name, value in entry.items() if value)
    return f"<dl>{''.join(pairs)}</dl>"


def _text(value: object) -> str:
    """Any text, as nothing but text."""
    return html.escape(_UNSEEN.sub("\ufffd", str(value)), quote=True)
