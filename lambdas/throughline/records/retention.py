"""How long each kind of data is kept, and why; and what lives on for a while after an erasure.

| kind | kept | because |
|---|---|---|
| turns of a customer | 400 days, at most until the customer is forgotten | disputes come within a year |
| turns of a guest | 30 days | nobody can ask for them, so they serve quality alone |
| facts' history | 400 days | it explains what a profile says |
| consents' history | 7 years | a consent must be provable for as long as a claim can be brought |
| conversation, profile, links | 400 days after the last turn; 90 of strangers | one may be silent for a year |
| exports | 7 days | time to fetch one; it is the whole of a person in one file |
| erased marker | 2 days | longer than the stream's 24 hours, so that no late turn comes back |
| tombstones | 40 days | longer than the backups' 35 days, so that a restore forgets again |

A legal hold stops every clock of its customer's. The README shows the same rows (`rows`, `lives_on`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DAY: Final = 86_400
STREAM_HOURS: Final = 24
"""A DynamoDB stream's records live 24 hours (DynamoDB developer guide, "Change data capture for streams")."""
BACKUP_DAYS: Final = 35
"""The longest that point-in-time recovery reaches back (DynamoDB developer guide, "Point-in-time backups")."""
CONSENT: Final = "consent"


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that each kind is kept."""

    turns: int = 400
    """A customer's: disputes come within a year and a billing cycle."""
    guest_turns: int = 30
    """A guest's: nobody can ask for them, so they serve quality alone."""
    facts: int = 400
    """What a profile said before: it explains what it says now."""
    consents: int = 2557
    """Seven years: a consent must be provable for as long as a claim can be brought."""
    exports: int = 7
    """Time to fetch one. The bucket's lifecycle says the same."""
    erased: int = 2
    """An erased strand's marker: longer than the stream's 24 hours."""
    tombstones: int = BACKUP_DAYS + 5
    """Longer than a backup, so that what is restored from one can be forgotten again."""

    def turn_until(self, at: float, *, guest: bool) -> int:
        """When a turn of that time (epoch seconds) expires."""
        return int(at) + (self.guest_turns if guest else self.turns) * DAY

    def fact_until(self, at: float, kind: str) -> int:
        """When a line of the facts' history expires."""
        return int(at) + (self.consents if kind == CONSENT else self.facts) * DAY


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of data, for people to read."""

    kind: str
    kept: str
    because: str


def rows(r: Retention = Retention()) -> tuple[Row, ...]:
    """What is kept how long, and why."""
    return (
        Row("turns of a customer", f"{r.turns} days, at most until the customer is forgotten",
            "disputes come within a year"),
        Row("turns of a guest", f"{r.guest_turns} days", "nobody can ask for them, so they serve quality alone"),
        Row("facts' history", f"{r.facts} days", "it explains what a profile says"),
        Row("consents' history", f"{r.consents // 365} years",
            "a consent must be provable for as long as a claim can be brought"),
        Row("conversation, profile and links", "400 days after the last turn; 90 where nobody was ever proved",
            "a customer may be silent for a year; a stranger is not missed"),
        Row("exports", f"{r.exports} days", "time to fetch one; it is the whole of a person in one file"),
        Row("erased marker", f"{r.erased} days",
            f"longer than the stream's {STREAM_HOURS} hours, so that no late turn comes back"),
        Row("tombstones", f"{r.tombstones} days",
            f"longer than the backups' {BACKUP_DAYS} days, so that a restore forgets again"),
    )  # fmt: skip


LIVES_ON: Final = (
    Row("records in the table's stream", f"{STREAM_HOURS} hours", "only the records function reads it"),
    Row("point-in-time backups", f"{BACKUP_DAYS} days", "the tombstones are replayed before a restored table serves"),
    Row("tombstone", f"{BACKUP_DAYS + 5} days", "pseudonymous ids and keyed hashes, no address and no word"),
    Row("log lines", "as long as their log group", "a pseudonymous id and prompt ids, no word and no address"),
    Row("counters that limit codes and protective acts", "their window, a day at most", "keyed hashes alone"),
    Row(
        "a shared address",
        "until the last who shares it is erased, 90 days after its last turn at most",
        "it is a household's, which forgets who was erased",
    ),
    Row(
        "the business's own books", "as the law tells the business", "they are not kept here and not reached from here"
    ),
    Row("audit entries", "as long as the audit table", "who did what and when, without personal data of a customer"),
)
"""What an erasure leaves for a while, how long, and what guards it."""


def markdown(of: tuple[Row, ...]) -> str:
    """Rows as a table for the README."""
    lines = ["| kind | kept | because |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {row.kind} | {row.kept} | {row.because} |" for row in of)])
