"""English times of day and durations as Lex resolves them (15:00, MO, PT10M)."""

from __future__ import annotations

from collections.abc import Sequence

from rehearsal.recogniser.numbers import number_at

PARTS = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}
FIXED = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
UNITS = {
    "second": "TS", "seconds": "TS", "minute": "TM", "minutes": "TM", "min": "TM", "mins": "TM",
    "hour": "TH", "hours": "TH", "day": "D", "days": "D", "week": "W", "weeks": "W", "month": "M",
    "months": "M", "year": "Y", "years": "Y",
}  # fmt: skip
HALVES = {"am": 0, "a.m": 0, "pm": 12, "p.m": 12}

Found = tuple[int, tuple[str, ...]]
"""The word after the time, and its readings, likeliest first."""


def time_at(words: Sequence[str], start: int) -> Found | None:
    """The time of day that begins at word `start`; a bare hour counts only after "at" or the like."""
    word = words[start]
    if word in FIXED:
        return start + 1, (FIXED[word],)
    if word in PARTS and start and words[start - 1] in ("the", "in", "this", "tomorrow"):
        return start + 1, (PARTS[word],)
    clock = _past_or_to(words, start) or _clock(words, start)
    if clock is None:
        return None
    end, hour, minute, sure = clock
    half, end, sure = _half(words, end, sure)
    before = words[start - 1] if start else ""
    if not sure and before not in ("at", "around", "about", "by", "before", "after", "until", "make"):
        return None
    return end, _readings(hour, minute, half)


def duration_at(words: Sequence[str], start: int) -> tuple[int, str] | None:
    """The duration that begins at word `start`, in ISO 8601."""
    if list(words[start : start + 3]) == ["half", "an", "hour"]:
        return start + 3, "PT30M"
    date_part, time_part, position = "", "", start
    while position < len(words):
        begin = position + 1 if words[position] == "and" and position > start else position
        if begin >= len(words):
            break
        found = (begin + 1, 1) if words[begin] in ("a", "an") else number_at(words, begin)
        if found is None or found[0] >= len(words) or words[found[0]] not in UNITS:
            break
        unit = UNITS[words[found[0]]]
        if found[1] != int(found[1]):
            break
        if len(unit) == 2:
            time_part += f"{int(found[1])}{unit[1]}"
        else:
            date_part += f"{int(found[1])}{unit}"
        position = found[0] + 1
    if position == start:
        return None
    return position, f"P{date_part}" + (f"T{time_part}" if time_part else "")


def _clock(words: Sequence[str], start: int) -> tuple[int, int, int, bool] | None:
    word = words[start]
    hours, colon, minutes = word.partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60:
        return start + 1, int(hours), int(minutes), True
    for ending in ("am", "pm"):
        bare = word.removesuffix(ending)
        if bare != word and bare.isascii() and bare.isdigit() and 1 <= int(bare) <= 12:
            return start + 1, int(bare) % 12 + HALVES[ending], 0, True
    found = number_at(words, start)
    if found is None or found[1] != int(found[1]) or not 0 <= found[1] <= 23:
        return None
    end, hour = found[0], int(found[1])
    if end < len(words) and words[end] in ("o'clock", "oclock"):
        return end + 1, hour, 0, True
    minute = number_at(words, end) if end < len(words) else None
    if minute is not None and minute[1] in (10, 15, 20, 25, 30, 35, 40, 45, 50, 55) and hour <= 12:
        return minute[0], hour, int(minute[1]), True
    return end, hour, 0, False


def _past_or_to(words: Sequence[str], start: int) -> tuple[int, int, int, bool] | None:
    if words[start] == "half" and start + 2 < len(words) and words[start + 1] == "past":
        minutes, position = 30, start + 1
    elif words[start] == "quarter":
        minutes, position = 15, start + 1
    else:
        found = number_at(words, start)
        if found is None or found[1] != int(found[1]) or not 0 < found[1] < 60:
            return None
        minutes, position = int(found[1]), found[0]
    if position + 1 >= len(words) or words[position] not in ("past", "to", "after"):
        return None
    hour = number_at(words, position + 1)
    if hour is None or hour[1] != int(hour[1]) or not 1 <= hour[1] <= 12:
        return None
    sure = words[start] in ("half", "quarter") or minutes in (5, 10, 20, 25)
    if not sure:
        return None
    if words[position] == "to":
        return hour[0], (int(hour[1]) - 1) % 12, 60 - minutes, True
    return hour[0], int(hour[1]) % 12, minutes, True


def _half(words: Sequence[str], end: int, sure: bool) -> tuple[int | None, int, bool]:
    if end < len(words) and words[end] in HALVES:
        return HALVES[words[end]], end + 1, True
    if end + 1 < len(words) and words[end] in ("a", "p") and words[end + 1] == "m":
        return (0 if words[end] == "a" else 12), end + 2, True
    if list(words[end : end + 2]) == ["in", "the"] and end + 2 < len(words) and words[end + 2] in PARTS:
        return (0 if words[end + 2] == "morning" else 12), end + 3, True
    if list(words[end : end + 2]) == ["at", "night"]:
        return 12, end + 2, True
    return None, end, sure


def _readings(hour: int, minute: int, half: int | None) -> tuple[str, ...]:
    """Both halves of the day if none was said, office hours first."""
    if half is not None:
        return (f"{hour % 12 + half:02}:{minute:02}",)
    if hour > 12 or hour == 0:
        return (f"{hour:02}:{minute:02}",)
    morning, evening = f"{hour % 12:02}:{minute:02}", f"{hour % 12 + 12:02}:{minute:02}"
    return (evening, morning) if hour < 7 or hour == 12 else (morning, evening)
