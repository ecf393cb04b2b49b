"""How long each kind of data is kept, and why; and what lives on for a while after an erasure.

`rows` and `LIVES_ON` say it in words that a customer can read, too: they stand in each export.

A legal hold stops every clock of its customer's. The README shows the same rows.
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
    """The marker of what went from a strand: longer than the stream's 24 hours."""
    tombstones: int = BACKUP_DAYS + 5
    """Longer than a backup, so that what is restored from one can be forgotten again."""

    def marker_until(self, now: float) -> int:
        """When a strand's marker that is written now expires."""
        return int(now) + self.erased * DAY

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
        Row("what a customer and we said to each other", f"{r.turns} days, or until the customer is forgotten",
            "questions and disputes come within a year"),
        Row("what a visitor said whom we don't know", f"{r.guest_turns} days",
            "nobody can ask for it, so it only helps us answer better"),
        Row("what was known before it changed", f"{r.facts} days", "it explains what is known now"),
        Row("what a customer agreed to, and took back", f"{r.consents // 365} years",
            "we must be able to show it for as long as a claim can be brought"),
        Row("what is known of a customer, how they are reached, and what they are in the middle of",
            "400 days after they were last here; 90 days where nobody ever proved who they are",
            "a customer may be silent for a year; a stranger is not missed"),
        Row("what a person wrote to you, until your page fetches it", "1 day", "it stands in the transcript, too"),
        Row("which chat with a person belongs to a conversation", "26 hours",
            "ids and encrypted tokens, and what is on its way; a chat lasts 25 hours at most"),
        Row("a copy of a customer's data", f"{r.exports} days",
            "time to fetch it; it is the whole of a person in one file"),
        Row("a mark that something was erased", f"{r.erased} days",
            f"what was on its way arrives within {STREAM_HOURS} hours, and must not bring anybody back"),
        Row("a note that somebody was erased, without name or address", f"{r.tombstones} days",
            f"backups reach back {BACKUP_DAYS} days, and restoring one must forget them again"),
    )  # fmt: skip


LIVES_ON: Final = (
    Row("changes on their way to what keeps the transcripts", f"{STREAM_HOURS} hours", "nothing else reads them"),
    Row("backups of the database", f"{BACKUP_DAYS} days",
        "before a restored one is used, whoever was erased is erased in it again"),
    Row("the note that somebody was erased", f"{BACKUP_DAYS + 5} days",
        "made-up ids and addresses made unreadable (keyed hashes): no address and no word"),
    Row("the system's log", "as long as the log is kept",
        "made-up ids and which answers were given: no word and no address"),
    Row("a code that somebody asked for as this customer, where they had not proved to be them",
        "5 minutes, and until the database has swept it, within some days",
        "made-up ids; once it has expired nobody reads it"),
    Row("counters that limit codes and blocks", "a day at most",
        "addresses made unreadable (keyed hashes), nothing else"),
    Row("an address that several people share",
        "until the last of them is erased, at most 90 days after it was last used",
        "it is a household's, which no longer knows who was erased"),
    Row("an account for signing in that several people share, that the customer took off before, or with which"
        " nobody ever came to us", "until its owner deletes it", "nothing here leads to it any more"),
    Row("recordings and transcripts of calls and chats with a person",
        "as long as the business keeps them",
        "the contact centre files them under ids of its own; who asks for it has them deleted there by hand"),
    Row("the business's own books, such as accounts and payments", "as the law asks of the business",
        "they are kept elsewhere and can't be reached from here"),
    Row("the record of who on the staff looked at what, and why", "as long as that record is kept",
        "who did what and when, without a customer's name, address or words"),
)  # fmt: skip
"""What an erasure leaves for a while, how long, and what guards it."""


def markdown(of: tuple[Row, ...]) -> str:
    """Rows as a table for the README."""
    lines = ["| kind | kept | because |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {row.kind} | {row.kept} | {row.because} |" for row in of)])
