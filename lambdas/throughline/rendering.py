"""A reply's lines in words: spoken or shown, in the turn's locale, with values the way people say them.

Nothing internal ever comes out: a parameter that is missing is left out, a prompt that the model no
longer has is skipped, and a reply of which nothing is left becomes the model's apology.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from html import escape, unescape
from xml.parsers import expat

from throughline.dialogue.model import Model
from throughline.reply import Choice, Line, Param, Records, Reply, Typed

_HOLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_TAG = re.compile(r"<[^<>]{1,200}>")
_SPACES = re.compile(r"[ \t]+")
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 allows in no document, escaped or not: control characters and halves of pairs."""
LAST_RESORT = "Sorry, something went wrong. Please try again in a moment."
"""When even the model's own apology is missing."""
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def shown(model: Model, reply: Reply, locale: str) -> tuple[str, ...]:
    """What a screen shows, one text a line of the reply; never empty unless a person has the turn."""
    texts = [text for line in reply.lines if (text := _line(model, line, locale, spoken=False))]
    return tuple(texts) or (() if reply.relayed else (_apology(model, locale, spoken=False),))


def spoken(model: Model, reply: Reply, locale: str) -> str:
    """What is said: SSML without its `<speak>`; never empty unless a person has the turn."""
    texts = [text for line in reply.lines if (text := _line(model, line, locale, spoken=True))]
    return " ".join(texts) or ("" if reply.relayed else _apology(model, locale, spoken=True))


def said_line(model: Model, line: Line, locale: str) -> str:
    """One line as SSML without its `<speak>`."""
    return _line(model, line, locale, spoken=True)


def label(model: Model, choice: Choice, locale: str) -> str:
    """What a choice is called on a button."""
    text = _typed(model, choice.label, locale, spoken=False)
    return text[:1].upper() + text[1:]


def plain(ssml: str) -> str:
    """Speech as text: without its tags, unescaped."""
    return _SPACES.sub(" ", unescape(_TAG.sub(" ", ssml))).strip()


def well_formed(ssml: str) -> bool:
    """Whether `<speak>` around it makes an XML document: a voice service says nothing at all of another."""
    if "<" not in ssml and "&" not in ssml:
        return True
    try:
        expat.ParserCreate().Parse(f"<speak>{ssml}</speak>", True)
    except expat.ExpatError:
        return False
    return True


def _apology(model: Model, locale: str, *, spoken: bool) -> str:
    return _line(model, Line("phrases.trouble"), locale, spoken=spoken) or LAST_RESORT


def _line(model: Model, line: Line, locale: str, *, spoken: bool) -> str:
    prompt = model.prompt(locale, line.prompt)
    if prompt is None:
        return ""
    texts = prompt.say if spoken else prompt.show
    if not texts:
        return ""
    item = f"{line.prompt.partition('.')[0]}.item"
    text = _filled(model, texts[line.variation % len(texts)], line.params, item, locale, spoken=spoken)
    return text if not spoken or well_formed(text) else escape(plain(text))


def _filled(model: Model, template: str, params: Mapping[str, Param], item: str, locale: str, *, spoken: bool) -> str:
    def value(hole: re.Match[str]) -> str:
        param = params.get(hole[1])
        if param is None:
            return ""
        if isinstance(param, Typed):
            return _typed(model, param, locale, spoken=spoken)
        return _records(model, param, item, locale, spoken=spoken)

    return _SPACES.sub(" ", _HOLE.sub(value, template)).strip()


def _records(model: Model, records: Records, item: str, locale: str, *, spoken: bool) -> str:
    prompt = model.prompt(locale, item)
    if prompt is None:
        return ", ".join(_typed(model, typed, locale, spoken=spoken) for record in records for typed in record.values())
    template = (prompt.say if spoken else prompt.show)[0]
    texts = [_filled(model, template, record, "", locale, spoken=spoken) for record in records]
    return ". ".join(texts) if spoken else "".join(f"\n• {text}" for text in texts)


def _typed(model: Model, typed: Typed, locale: str, *, spoken: bool) -> str:
    kind, _, of = typed.kind.partition(":")
    words = model.words(locale)
    if kind == "money":
        text = _money(typed.value, words.currency, spoken=spoken)
    elif kind == "date":
        text = _date(typed.value, spoken=spoken)
    elif kind == "time":
        text = _time(typed.value)
    elif kind == "number" and typed.value.isascii() and typed.value.isdigit():
        text = f"{int(typed.value[:15]):,}"
    elif kind == "choice":
        text = next(iter(words.values.get(of, {}).get(typed.value, ())), "")
    elif kind in ("label", "slot"):
        text = words.labels.get(of, "")
    elif kind == "doing":
        text = words.labels.get(f"{of}.doing", "")
    elif kind == "phrase":
        return _line(model, Line(f"phrases.{typed.value}"), locale, spoken=spoken)
    elif kind == "digits" and spoken:
        return f'<say-as interpret-as="digits">{escape(_UNSPEAKABLE.sub("", typed.value))}</say-as>'
    else:
        text = _UNSPEAKABLE.sub("", typed.value)
    return escape(text) if spoken else text


def _money(value: str, currency: str, *, spoken: bool) -> str:
    try:
        amount = Decimal(value)
    except ArithmeticError:
        return ""
    if not amount.is_finite():
        return ""
    whole = spoken and amount == amount.to_integral()
    text = f"{abs(amount):,.0f}" if whole else f"{abs(amount):,.2f}"
    return ("-" if amount < 0 else "") + _SYMBOLS.get(currency, currency + " ") + text


def _date(value: str, *, spoken: bool) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return ""
    pattern = "%A, %B" if spoken else "%a, %b"
    return f"{day:{pattern}} {day.day}" + ("" if spoken else f", {day.year}")


def _time(value: str) -> str:
    hour, _, minute = value.partition(":")
    if not (hour.isdecimal() and minute.isdecimal()) or len(hour) > 2 or int(hour) > 23:
        return ""
    half = "AM" if int(hour) < 12 else "PM"
    return f"{(int(hour) + 11) % 12 + 1}:{minute} {half}"
