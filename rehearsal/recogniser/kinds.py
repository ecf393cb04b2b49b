"""What a slot can hold, in one vocabulary for the built-in slot types of Lex and of Alexa."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """How the words for a slot are read."""

    LISTED = "listed"
    NUMBER = "number"
    ORDINAL = "ordinal"
    PERCENTAGE = "percentage"
    DATE = "date"
    TIME = "time"
    DURATION = "duration"
    ALPHANUMERIC = "alphanumeric"
    DIGITS = "digits"
    PHONE = "phone"
    EMAIL = "email"
    FIRST_NAME = "first name"
    LAST_NAME = "last name"
    CITY = "city"
    COUNTRY = "country"
    STATE = "state"
    CONFIRMATION = "confirmation"
    PHRASE = "phrase"
    FREE_TEXT = "free text"


BUILT_IN: dict[str, Kind] = {
    "NUMBER": Kind.NUMBER,
    "CURRENCY": Kind.NUMBER,
    "ORDINAL": Kind.ORDINAL,
    "PERCENTAGE": Kind.PERCENTAGE,
    "DATE": Kind.DATE,
    "TIME": Kind.TIME,
    "DURATION": Kind.DURATION,
    "ALPHANUMERIC": Kind.ALPHANUMERIC,
    "UKPOSTALCODE": Kind.ALPHANUMERIC,
    "FOUR_DIGIT_NUMBER": Kind.DIGITS,
    "PHONENUMBER": Kind.PHONE,
    "EMAILADDRESS": Kind.EMAIL,
    "FIRSTNAME": Kind.FIRST_NAME,
    "US_FIRST_NAME": Kind.FIRST_NAME,
    "LASTNAME": Kind.LAST_NAME,
    "US_LAST_NAME": Kind.LAST_NAME,
    "CITY": Kind.CITY,
    "US_CITY": Kind.CITY,
    "EUROPE_CITY": Kind.CITY,
    "COUNTRY": Kind.COUNTRY,
    "STATE": Kind.STATE,
    "US_STATE": Kind.STATE,
    "CONFIRMATION": Kind.CONFIRMATION,
    "FREEFORMINPUT": Kind.FREE_TEXT,
    "SEARCHQUERY": Kind.PHRASE,
}

NUMERIC = frozenset({Kind.NUMBER, Kind.ORDINAL, Kind.PERCENTAGE, Kind.DIGITS, Kind.ALPHANUMERIC})
OPEN = frozenset({Kind.FIRST_NAME, Kind.LAST_NAME, Kind.CITY, Kind.PHRASE, Kind.FREE_TEXT})

EXAMPLES: dict[Kind, tuple[str, ...]] = {
    Kind.NUMBER: ("fifty dollars", "200", "twelve"),
    Kind.ORDINAL: ("second", "third"),
    Kind.PERCENTAGE: ("ten percent", "15%"),
    Kind.DATE: ("friday", "tomorrow", "the 3rd of may"),
    Kind.TIME: ("3 pm", "ten in the morning"),
    Kind.DURATION: ("two weeks", "ten minutes"),
    Kind.ALPHANUMERIC: ("ab1234", "4821"),
    Kind.DIGITS: ("4821", "one two three four"),
    Kind.PHONE: ("555-0142", "206 555 0187"),
    Kind.EMAIL: ("sam@example.com",),
    Kind.FIRST_NAME: ("maria", "john"),
    Kind.LAST_NAME: ("smith", "garcia"),
    Kind.CITY: ("seattle", "london"),
    Kind.COUNTRY: ("germany", "brazil"),
    Kind.STATE: ("texas", "ohio"),
    Kind.CONFIRMATION: ("yes", "no"),
    Kind.PHRASE: ("",),
    Kind.FREE_TEXT: ("",),
}


def built_in_kind(name: str) -> Kind | None:
    """The kind of a platform's built-in type, None for a type of the bot's own; unknown built-ins are
    phrases.
    """
    if not name.startswith("AMAZON."):
        return None
    return BUILT_IN.get(name.removeprefix("AMAZON.").upper(), Kind.PHRASE)
