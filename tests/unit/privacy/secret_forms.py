"""Invented secrets with right check digits, and the forms in which people write or say them."""

from collections.abc import Callable

from hypothesis import strategies as st

# Prefix and lengths, as the issuers publish them.
ISSUERS = [
    ("4", (13, 16, 19)),
    *[(str(prefix), (16,)) for prefix in (51, 52, 53, 54, 55, 2221, 2300, 2500, 2720)],
    *[(str(prefix), (15,)) for prefix in (34, 37)],
    *[(str(prefix), (16, 17, 18, 19)) for prefix in (6011, 644, 649, 65, 622126, 622925)],
    *[(str(prefix), (14, 16, 19)) for prefix in (300, 305, 36, 38, 39)],
    *[(str(prefix), (16, 19)) for prefix in (3528, 3589, 62, 81)],
    *[(str(prefix), (13, 14, 15, 16, 17, 18, 19)) for prefix in (5018, 5020, 5038, 5893, 6304, 6759, 6763)],
]
SCRIPTS = ["0", "٠", "۰", "०", "০", "๐", "０", "𝟎", "𝟘", "𝟶"]
INVISIBLE = ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u200e"]
SEPARATORS = [
    "",
    " ",
    "-",
    ".",
    "/",
    "\n",
    "\u00a0",
    "\u2009",
    "\u3000",
    " - ",
    "  ",
    "\u2013",
    "_",
    " / ",
    *INVISIBLE,
]
WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARRIERS = [
    "{}",
    "my card is {} thanks",
    "it's {}.",
    "order 12345 card {} exp 12/27 for 25.00",
    "({})",
    "card number: {}!",
    "pay order number {} please",
    "call 202-555-0143 and charge {} with $25.00",
    "Señora, la tarjeta es {} 👍",
    "on 2024-05-01 at 10:30 I used {} in 90210 Springfield",
]

Form = Callable[[str], str]


def with_check_digit(body: str) -> str:
    """The body with its Luhn check digit, worked out the schoolbook way."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value // 10 + value % 10
    return body + str(-total % 10)


@st.composite
def card_pairs(draw: st.DrawFn) -> tuple[str, str]:
    """Two different card numbers of one issuer and length."""
    prefix, lengths = draw(st.sampled_from(ISSUERS))
    size = draw(st.sampled_from(lengths)) - len(prefix) - 1
    bodies = st.text("0123456789", min_size=size, max_size=size)
    first = draw(bodies)
    second = draw(bodies.filter(lambda body: body != first))
    return with_check_digit(prefix + first), with_check_digit(prefix + second)


def _in_script(zero: str) -> Form:
    return lambda number: "".join(chr(ord(zero) + int(digit)) for digit in number)


def _mixed_scripts(number: str) -> str:
    return "".join(chr(ord(SCRIPTS[place % len(SCRIPTS)]) + int(digit)) for place, digit in enumerate(number))


def _grouped(sizes: list[int], separator: str) -> Form:
    def write(number: str) -> str:
        groups, start = [], 0
        for size in sizes:
            groups.append(number[start : start + size])
            start += size
        groups.append(number[start:])
        return separator.join(group for group in groups if group)

    return write


def _scattered(separators: list[str]) -> Form:
    return lambda number: (
        number[0] + "".join(separators[place % len(separators)] + digit for place, digit in enumerate(number[1:]))
    )


def _spoken(zero: str, gap: str) -> Form:
    return lambda number: gap.join(zero if digit == "0" else WORDS[int(digit)] for digit in number)


def _in_fours(number: str) -> str:
    groups = [number[start : start + 4] for start in range(0, len(number), 4)]
    return ", ".join(_spoken("oh", " ")(group) for group in groups)


def _doubled(number: str) -> str:
    """ "Double four", "triple one": as digits repeat, so that the words depend on the number."""
    said, place = [], 0
    names = {2: "double ", 3: "triple ", 1: ""}
    while place < len(number):
        run = 1
        while run < 3 and place + run < len(number) and number[place + run] == number[place]:
            run += 1
        said.append(names[run] + WORDS[int(number[place])])
        place += run
    return " ".join(said)


def _paired(number: str) -> str:
    # An odd one is said first: "twenty eight" at the end could not be told from 28.
    odd = len(number) % 2
    said = [WORDS[int(digit)] for digit in number[:odd]]
    for start in range(odd, len(number), 2):
        pair = number[start : start + 2]
        if pair[0] == "0":
            said.append(" ".join(WORDS[int(digit)] for digit in pair))
        elif pair[0] == "1":
            said.append(TEENS[int(pair[1])])
        else:
            said.append(TENS[int(pair[0]) - 2] + (f"-{WORDS[int(pair[1])]}" if pair[1] != "0" else ""))
    return " ".join(said)


def _half_spoken(number: str) -> str:
    parts = [number[:4], _spoken("oh", " ")(number[4:8]), number[8:]]
    return ", ".join(part for part in parts if part)


def _hesitant(number: str) -> str:
    parts = [number[:4], number[4:8], number[8:12], number[12:]]
    return " and then ".join(part for part in parts if part).replace(" and then ", " um ", 1)


TYPED: st.SearchStrategy[Form] = st.one_of(
    st.sampled_from(SCRIPTS).map(_in_script),
    st.just(_mixed_scripts),
    st.sampled_from(SEPARATORS).map(lambda separator: _grouped([4, 4, 4, 4], separator)),
    st.sampled_from(SEPARATORS).map(lambda separator: _grouped([4, 6, 5], separator)),
    st.sampled_from(SEPARATORS).map(lambda separator: _grouped([1] * 18, separator)),
    st.lists(st.sampled_from(SEPARATORS), min_size=1, max_size=18).map(_scattered),
)
SPOKEN: st.SearchStrategy[Form] = st.one_of(
    st.sampled_from([("zero", " "), ("oh", " "), ("o", " "), ("zero", ", "), ("oh", "-"), ("nought", " um ")]).map(
        lambda pair: _spoken(*pair)
    ),
    st.sampled_from([_doubled, _paired, _in_fours, _half_spoken, _hesitant]),
)
ANY: st.SearchStrategy[Form] = TYPED | SPOKEN
