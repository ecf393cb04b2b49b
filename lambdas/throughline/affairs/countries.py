"""Which numbers codes are texted to: by calling code, and within +1, which many share, by area.

A text to somebody else's country costs many times what one at home does, and there are numbers that pay whoever owns
them by the message. +1 alone doesn't keep these out: some twenty islands have it, too, each with area codes of its own.
Sources: ITU-T E.164, list of assigned country codes; North American Numbering Plan Administrator, "Area code search".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

US: Final = "US"
CANADA: Final = "CA"
HOME: Final = (US, CANADA)
"""Where codes are texted to unless a deployment says otherwise."""
_AMERICAN: Final = "+1"
_AREA: Final = slice(len(_AMERICAN), len(_AMERICAN) + 3)
_CANADIAN: Final = frozenset(
    (
        "204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 403 416 418 428 431 437 438 450 460 468 474 506 "
        "514 519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 "
        "905 942"
    ).split()
)
_ELSEWHERE: Final = frozenset(
    (
        "242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 787 809 829 849 868 869 876 939"
    ).split()
)
"""Islands, the territories of the USA among them: a text there is priced as one abroad."""
_NOWHERE: Final = frozenset(
    (
        "500 521 522 523 524 525 526 527 528 529 532 533 535 538 542 543 544 545 546 547 549 550 552 553 554 556 566 "
        "569 577 578 588 589 600 622 633 644 655 677 688 700 710 800 833 844 855 866 877 888 900"
    ).split()
)
"""Personal, premium and toll-free numbers and the like, which are in no place and nobody's phone."""


def texted(number: str, countries: Collection[str]) -> bool:
    """Whether the number (E.164, with its plus) is in one of these: "US", "CA", or a calling code such as "+44"."""
    return any(
        number.startswith(country) if country.startswith("+") else _american(number) == country for country in countries
    )


def _american(number: str) -> str:
    area = number[_AREA] if number.startswith(_AMERICAN) else ""
    if not area or area in _ELSEWHERE or area in _NOWHERE:
        return ""
    return CANADA if area in _CANADIAN else US
