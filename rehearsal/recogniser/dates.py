"""English dates as Lex resolves them: a day, a week (2026-W48), a weekend (2026-W48-WE), a month (2026-12), a
year.

A small grammar of our own: the general date libraries were tried, know no "next friday" or "a week from
tuesday", and take many ordinary words for dates. Customers speak of days to come unless they say "last" or
"ago".
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date, timedelta

from rehearsal.recogniser.numbers import number_at, ordinal_at

WEEKDAYS = {
    "monday": 0, "mon": 0, "tuesday": 1, "tue": 1, "tues": 1, "wednesday": 2, "wed": 2, "thursday": 3,
    "thu": 3, "thurs": 3, "thur": 3, "friday": 4, "fri": 4, "saturday": 5, "sat": 5, "sunday": 6, "sun": 6,
}  # fmt: skip
MONTHS = {
    "january": 1, "jan": 1, "february": 2, "feb": 2, "march": 3, "april": 4, "apr": 4, "may": 5, "june": 6,
    "jun": 6, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "october": 10, "oct": 10, "november": 11, "nov": 11, "december": 12, "dec": 12,
}  # fmt: skip
AMBIGUOUS = frozenset({"may", "march", "sun", "sat", "mon", "wed", "second"})
UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "month": 30, "months": 30, "year": 365,
         "years": 365}  # fmt: skip
SIMPLE = {"today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "yesterday": -1}

Found = tuple[int, str]
"""The word after the date, and the date as Lex writes it."""


def date_at(words: Sequence[str], start: int, today: date) -> Found | None:
    """The date that begins at word `start`, if one does."""
    begin = start + 1 if words[start] == "the" and start + 1 < len(words) else start
    for reader in (_written, _simple, _relative, _weekday, _month_first, _day_first):
        found = reader(words, begin, today)
        if found is not None:
            return found
    return None


def _word(words: Sequence[str], position: int) -> str:
    return words[position].removesuffix("'s") if position < len(words) else ""


def _written(words: Sequence[str], start: int, today: date) -> Found | None:
    word = words[start]
    try:
        if len(word) == 10 and word[4] == "-":
            return start + 1, date.fromisoformat(word).isoformat()
        parts = [int(part) for part in word.split("/")]
        if len(parts) == 3:
            year = parts[2] + 2000 if parts[2] < 100 else parts[2]
            return start + 1, date(year, parts[0], parts[1]).isoformat()
        if len(parts) == 2:
            return start + 1, _to_come(parts[0], parts[1], today)
    except ValueError:
        return None
    return None


def _simple(words: Sequence[str], start: int, today: date) -> Found | None:
    word = _word(words, start)
    if word == "day" and _word(words, start + 2) in SIMPLE:
        way = {"after": 1, "before": -1}.get(_word(words, start + 1))
        if way is not None:
            return start + 3, (today + timedelta(SIMPLE[_word(words, start + 2)] + way)).isoformat()
    if word in SIMPLE:
        end = start + 2 if word == "tomorrow" and _word(words, start + 1) == "week" else start + 1
        return end, (today + timedelta(SIMPLE[word] + (7 if end == start + 2 else 0))).isoformat()
    return None


def _relative(words: Sequence[str], start: int, today: date) -> Found | None:
    ahead = _word(words, start) == "in"
    begin = start + 1 if ahead else start
    count, after = _count(words, begin)
    unit = _word(words, after)
    if count is not None and unit in UNITS:
        end = after + 1
        if ahead:
            return end, _shifted(today, count, unit)
        if _word(words, end) == "ago":
            return end + 1, _shifted(today, -count, unit)
        if _word(words, end) == "from" and end + 1 < len(words):
            base = date_at(words, end + 1, today) if _word(words, end + 1) != "now" else (end + 2, today.isoformat())
            if base is not None and len(base[1]) == 10:
                return base[0], _shifted(date.fromisoformat(base[1]), count, unit)
    which = {"next": 1, "last": -1, "this": 0, "coming": 1, "past": -1}.get(_word(words, start))
    span = _word(words, start + 1)
    if which is None:
        return None
    if span in ("week", "weekend"):
        year, week, _ = (today + timedelta(7 * which)).isocalendar()
        return start + 2, f"{year}-W{week:02}" + ("-WE" if span == "weekend" else "")
    if span == "month":
        index = today.year * 12 + today.month - 1 + which
        return start + 2, f"{index // 12}-{index % 12 + 1:02}"
    if span == "year":
        return start + 2, str(today.year + which)
    return None


def _weekday(words: Sequence[str], start: int, today: date) -> Found | None:
    """A plain weekday is the next to come; "next" means that of the next calendar week (from Monday)."""
    which = _word(words, start)
    position = start + 1 if which in ("next", "last", "this", "coming", "past") else start
    day = _word(words, position)
    number = WEEKDAYS.get(day) if day else None
    if number is None and day.endswith("s"):
        number = WEEKDAYS.get(day.removesuffix("s"))
    if number is None or (position == start and day in AMBIGUOUS and not _weekday_is_meant(words, start)):
        return None
    monday = today - timedelta(today.weekday())
    if which == "next":
        chosen = monday + timedelta(7 + number)
    elif which in ("last", "past"):
        chosen = today - timedelta((today.weekday() - number - 1) % 7 + 1)
    elif which == "this":
        chosen = monday + timedelta(number)
    else:
        chosen = today + timedelta((number - today.weekday() - 1) % 7 + 1)
    end = position + 1
    if position == start and _word(words, end) in ("week", "next") and _word(words, end + 1) != "day":
        next_week = _word(words, end) == "next" and _word(words, end + 1) == "week"
        if next_week:
            return end + 2, (monday + timedelta(7 + number)).isoformat()
    begin = end + 1 if _word(words, end) == "the" else end
    fuller = _month_first(words, begin, today) or _day_first(words, begin, today)
    if fuller is not None and position == start:
        return fuller
    return end, chosen.isoformat()


def _weekday_is_meant(words: Sequence[str], start: int) -> bool:
    return len(words) == 1 or (start > 0 and words[start - 1] in ("on", "next", "this", "last", "by", "until"))


def _month_first(words: Sequence[str], start: int, today: date) -> Found | None:
    month = MONTHS.get(_word(words, start))
    if month is None:
        return None
    before = words[start - 1] if start else ""
    position = start + 2 if _word(words, start + 1) == "the" else start + 1
    day, after = _day(words, position)
    if day is not None:
        return _with_year(words, after, month, day, today)
    year = _year(words, start + 1)
    if year is not None:
        return start + 2, f"{year}-{month:02}"
    if _word(words, start) in AMBIGUOUS and before not in ("in", "of", "last", "next", "this"):
        return None
    past = before == "last"
    this_year = today.year - (1 if past and month >= today.month else 0)
    return start + 1, f"{this_year + (1 if month < today.month and not past else 0)}-{month:02}"


def _day_first(words: Sequence[str], start: int, today: date) -> Found | None:
    found = ordinal_at(words, start) if start < len(words) else None
    day, after = (found[1], found[0]) if found else (None, start)
    if day is None:
        day, after = _day(words, start)
    if day is None or not 1 <= day <= 31:
        return None
    position = after + 1 if _word(words, after) == "of" else after
    month = MONTHS.get(_word(words, position))
    if month is not None:
        return _with_year(words, position + 1, month, day, today)
    if found is None:
        return None
    if start > 0 and words[start - 1] == "the" and _word(words, after) not in ("one", "option", "time"):
        return after, _next_day_of_month(day, today)
    if words[start][0].isdecimal():
        return after, _next_day_of_month(day, today)
    return None


def _day(words: Sequence[str], position: int) -> tuple[int | None, int]:
    if position >= len(words):
        return None, position
    ordinal = ordinal_at(words, position)
    if ordinal is not None:
        return (ordinal[1], ordinal[0]) if 1 <= ordinal[1] <= 31 else (None, position)
    number = number_at(words, position)
    if number is not None and number[1] == int(number[1]) and 1 <= number[1] <= 31:
        return int(number[1]), number[0]
    return None, position


def _with_year(words: Sequence[str], end: int, month: int, day: int, today: date) -> Found | None:
    year = _year(words, end)
    try:
        if year is not None:
            return end + 1, date(year, month, day).isoformat()
        return end, _to_come(month, day, today)
    except ValueError:
        return None


def _year(words: Sequence[str], position: int) -> int | None:
    word = _word(words, position)
    return int(word) if len(word) == 4 and word.isdecimal() and 1900 <= int(word) <= 2100 else None


def _to_come(month: int, day: int, today: date) -> str:
    """That day this year, or next year if it has passed; raises ValueError for no such day."""
    chosen = date(today.year, month, day)
    return (chosen if chosen >= today else date(today.year + 1, month, day)).isoformat()


def _next_day_of_month(day: int, today: date) -> str:
    """The next such day (1 to 31), today included; a month that lacks it is passed over."""
    year, month = today.year, today.month
    while day > calendar.monthrange(year, month)[1] or date(year, month, day) < today:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, day).isoformat()


def _count(words: Sequence[str], position: int) -> tuple[int | None, int]:
    if _word(words, position) in ("a", "an"):
        couple = _word(words, position + 1) == "couple"
        if not couple:
            return 1, position + 1
        return 2, position + (3 if _word(words, position + 2) == "of" else 2)
    found = number_at(words, position) if position < len(words) else None
    if found is None or found[1] != int(found[1]) or found[1] > 1000:
        return None, position
    return int(found[1]), found[0]


def _shifted(base: date, count: int, unit: str) -> str:
    if unit.startswith(("month", "year")):
        index = base.year * 12 + base.month - 1 + count * (12 if unit.startswith("year") else 1)
        year, month = index // 12, index % 12 + 1
        if not 1 <= year <= 9999:
            return base.isoformat()
        return date(year, month, min(base.day, calendar.monthrange(year, month)[1])).isoformat()
    return (base + timedelta(UNITS[unit] * count)).isoformat()
