"""Every mistake an author can make is caught where it stands, in words that say what to do."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

import compiler


class Copy(Protocol):
    folder: Path

    def text(self, name: str) -> str: ...
    def replace(self, name: str, old: str, new: str) -> None: ...
    def write(self, name: str, text: str) -> None: ...
    def problems(self) -> tuple[compiler.Problem, ...]: ...
    def errors(self) -> list[compiler.Problem]: ...


class Mistake(NamedTuple):
    file: str
    old: str
    new: str
    at: str
    """What stands at the line and column that are reported."""
    says: tuple[str, ...]
    """Words of the message."""


BOOK, CANCEL, REFUND, LOST = (
    f"intents/{name}.yaml" for name in ("book_crossing", "cancel_booking", "claim_refund", "report_lost_item")
)
TIMES, DELAY, PETS = (f"intents/{name}.yaml" for name in ("sailing_times", "check_delay", "pets_on_board"))
HELP = "intents/help.yaml"
PROVE = "intents/prove_it.yaml"
LONG = "sea " * 130

MISTAKES = [
    # YAML
    Mistake(BOOK, "label: book a crossing", "label: book: a crossing", ": a crossing", ("colon", "quotes")),
    Mistake(BOOK, "is: Booking", "intent: Twice\nis: Booking", "intent: Twice", ("here twice", "line 1")),
    Mistake(BOOK, "  route:\n    type", "\troute:\n    type", "\troute", ("tab", "spaces")),
    Mistake("intents/help.yaml", "is: Wanting", 'is: "Wanting', '"Wanting', ("never closed",)),
    Mistake(BOOK, "label: book", "label: !secret book", "!secret book", ("tag", "Leave it out")),
    Mistake(BOOK, "label: book a crossing", "label: &a [*a]", "&a [*a]", ("alias",)),
    Mistake(BOOK, "action: book", "? [a, b]\n: c\naction: book", "[a, b]", ("key must be plain text",)),
    # shapes
    Mistake(BOOK, "utterances:", "utterences:", "utterences", ("`utterences`", "`utterances`")),
    Mistake(BOOK, "    ask: At what", "    aks: At what", "aks", ("`aks`", "`ask`")),
    Mistake(BOOK, "  say: What day", "  sya: What day", "sya", ("`sya`", "`say`")),
    Mistake(
        BOOK,
        "is: Booking seats on a ferry, with a vehicle or without.\n",
        "",
        "intent: Book",
        ("`is` is missing",),
    ),
    Mistake(BOOK, "irreversible: true", "irreversible: maybe", "maybe", ("`true` or `false`",)),
    Mistake(BOOK, "assurance: claimed", "assurance: link", "link", ("`link`", "`linked`")),
    Mistake(BOOK, "label: book a crossing", "label: [book]", "[book]", ("wants a text", "a list")),
    Mistake(BOOK, "label: book a crossing", "label:", "", ("label", "missing")),
    Mistake(BOOK, "action: book_crossing", "action: Book Crossing", "Book Crossing", ("transfer_money",)),
    Mistake(BOOK, "      - Sorry, how many?\n", "", "again:", ("exactly 3", "here are 2")),
    Mistake(DELAY, 'again: ["Sorry, which one?"', "again: [Sorry, which one?", "again", ("here are 4", "comma")),
    Mistake(BOOK, "confirm: ", "confirm: {say: []}\nold: ", "say: []", ("words are missing",)),
    Mistake(PETS, "role: answer", "role: faq", "faq", ("`faq`",)),
    Mistake("bank.yaml", "understands: 0.45", "understands: 1.2", "1.2", ("at most 1",)),
    Mistake("bank.yaml", "idle_minutes: 10", "idle_minutes: ten", "ten", ("whole number", "`ten`")),
    Mistake("bank.yaml", "currency: USD", "currency: dollars", "dollars", ("USD",)),
    Mistake("phrases.yaml", "goodbye:", "goodby:", "goodby:", ("`goodby`", "`goodbye`")),
    Mistake("slot_types.yaml", "synonyms: [bike, cycle]", "synonym: [bike, cycle]", "synonym:", ("`synonyms`",)),
    Mistake("bank.yaml", "close: 0.1}", "close: 0.1, verified_minutes: 61}", "61", ("at most 60",)),
    Mistake(BOOK, "action: book_crossing", "action: a.b.c", "a.b.c", ("transfer_money",)),
    # step ups
    Mistake(PROVE, "begin: prove.send\n", "", "ProveIt", ("`begin` is missing",)),
    Mistake(PROVE, "begun: I sent you a code.\n", "", "begin", ("`begun` is missing",)),
    Mistake(PROVE, "begun: I sent you a code.", "begun: I sent it to {place}.", "I sent it", ("{place}", "asked for")),
    Mistake(PROVE, "doing:", "assurance: linked\ndoing:", "linked", ("proved nothing yet",)),
    Mistake(PROVE, "sensitive: code", "sensitive: pin", "slots", ("`sensitive: code`",)),
    Mistake(PROVE, "done: Thank you.", "irreversible: true\nconfirm: Ok?\ndone: Ok.", "irreversible", ("code",)),
    Mistake(PROVE, "keywords: [send me a code, send it again]\n", "", "utterances", ("`keywords`", "`prove`")),
    Mistake(CANCEL, "action: cancel", "begin: a.b\nbegun: Sent.\naction: cancel", "begin", ("there is none",)),
    Mistake(CANCEL, "action: cancel", "begun_mail: Sent.\naction: cancel", "begun_mail", ("without `begin`",)),
    Mistake(CANCEL, "action: cancel", "protective: true\naction: cancel", "protective", ("claimed",)),
    Mistake(PETS, "role: answer", "role: answer\nprotective: true", "protective", ("tasks only",)),
    # names
    Mistake(BOOK, "intent: BookCrossing", "intent: Book_Crossing", "Book_Crossing", ("PascalCase",)),
    Mistake(CANCEL, "intent: CancelBooking", "intent: CancelTrip", "CancelTrip", ("cancel_trip.yaml",)),
    Mistake(DELAY, "intent: CheckDelay", "intent: CancelBooking", "CancelBooking", ("another intent",)),
    Mistake(PETS, "intent: PetsOnBoard", "intent: Correct", "Correct", ("generated", "corrections")),
    Mistake(BOOK, "was: [ReserveSeat]", "was: [CheckDelay]", "CheckDelay", ("today",)),
    Mistake(BOOK, "label: book a crossing", "label: book a crossing right away", "book a", ("20 characters",)),
    Mistake(
        BOOK,
        "  vehicle:\n    type: vehicle",
        "  my vehicle:\n    type: vehicle",
        "my vehicle",
        ("underscores",),
    ),
    # roles
    Mistake(BOOK, "action: book_crossing\n", "", "BookCrossing", ("`action` is missing", "task")),
    Mistake(PETS, "answer:\n", "action: pet\nanswer:\n", "action", ("tasks only",)),
    Mistake(PETS, "answer:\n", "slots: {a: {type: date}}\nanswer:\n", "slots", ("asks for nothing",)),
    Mistake("intents/fallback.yaml", "is: What", "utterances: [what]\nis: What", "utterances", ("no utterances",)),
    Mistake("intents/repeat.yaml", "role: repeat", "role: help", "help", ("already", "`Help`")),
    Mistake("intents/choose.yaml", "type: ordinal", "type: route", "route", ("ids 1 to 5",)),
    # endings
    Mistake(CANCEL, 'confirm: "Cancel booking {booking}?"\n', "", "irreversible", ("Add `confirm`",)),
    Mistake(BOOK, 'confirm: "{passengers} to', 'confirm: "To', '"To {route}', ("must name", "{passengers}")),
    Mistake(TIMES, 'item: "{departs}, {seats} seats left"\n', "", "sailings: records", ("Add `item`",)),
    Mistake(BOOK, "place: number}", "place: numbr}", "numbr", ("`numbr`", "`number`")),
    Mistake(BOOK, "place: number}", "place: choice:rute}", "choice:rute", ("`rute`", "`route`")),
    Mistake(BOOK, "  full: Sorry", "  Full-Up: Sorry", "Full-Up", ("code",)),
    # prompts
    Mistake(BOOK, "Your code is {code}.", "Your code is {cod}.", '"Booked', ("{cod}", "`code`")),
    Mistake(BOOK, "ask: How many are you?", "ask: How many, {vehicle}?", "How many, ", ("{vehicle}", "not known")),
    Mistake(
        BOOK,
        "help: You can book",
        "help: To {route} you can book",
        "To {route}",
        ("{route}", "before anything"),
    ),
    Mistake(PETS, "say: Pets sail", "say: Pets {sail", "Pets {sail", ("brace",)),
    Mistake(REFUND, 'done: "{amount} is', 'done: "{code} {amount} is', '"{code}', ("{code}", "not known")),
    Mistake(BOOK, '<break time="200ms"/>', '<brake time="200ms"/>', "What day <brake", ("<brake>", "`break`")),
    Mistake(BOOK, '<break time="200ms"/>', '<break tyme="200ms"/>', "What day <break", ("`tyme`", "`time`")),
    Mistake(BOOK, '<break time="200ms"/>', '<prosody rate="slow">', "What day <prosody", ("not closed",)),
    Mistake(BOOK, '<break time="200ms"/>', "</p>", "What day </p>", ("closes nothing",)),
    Mistake(PETS, "  say: Pets sail", "  say: Cats & dogs sail", "Cats &", ("`&`", "and")),
    Mistake(PETS, '  show: "Pets', '  show: "<b>Pets', '"<b>', ("`show`",)),
    Mistake(PETS, "  say: Pets sail", f"  say: {'Pets sail. ' * 30}Pets sail", "Pets sail", ("too long", "300")),
    Mistake("phrases.yaml", "Do you want to {first} or {second}?", "Do you want to {first}?", '"Do', ("{second}",)),
    Mistake("phrases.yaml", "You were {doing}.", "You were {task}.", '"You were', ("{task}", "`doing`")),
    # slots
    Mistake(BOOK, "type: number", "type: nummber", "nummber", ("`nummber`", "`number`")),
    Mistake(BOOK, "    ask: How many are you?\n", "", "passengers:", ("`ask` is missing", "required: false")),
    Mistake(BOOK, "    label: number of passengers\n", "", "passengers:", ("`label` is missing",)),
    Mistake(BOOK, "label: number of passengers", "label: Destination", "Destination", ("`route`", "too")),
    Mistake(BOOK, "most: 9", "most: many", "many", ("a number",)),
    Mistake(BOOK, "least: 1\n", "least: 12\n", "12", ("more than `most`",)),
    Mistake(BOOK, "least: today", "least: yesterday", "yesterday", ("a day",)),
    Mistake(BOOK, "most: +90d", "most: 2026-02-30", "2026-02-30", ("a day",)),
    Mistake(LOST, "label: urgency", "label: urgency\n    least: 1", "least: 1", ("numbers",)),
    Mistake(REFUND, "when: {refund_way: [voucher]}", "when: {refund: [voucher]}", "refund:", ("`refund_way`",)),
    Mistake(REFUND, "when: {refund_way: [voucher]}", "when: {code: ['1']}", "code: [", ("comes later",)),
    Mistake(REFUND, "[voucher]}", "[vouchr]}", "vouchr", ("`vouchr`", "`voucher`")),
    Mistake(REFUND, "when: {refund_way: [voucher]}", "when: {amount: ['1']}", "amount: [", ("no choice",)),
    Mistake(BOOK, "    required: false\nconfirm", "    differs_from: rout\nconfirm", "rout", ("`rout`", "`route`")),
    Mistake(REFUND, "type: one_time_code", "type: date", "date", ("digits or text",)),
    Mistake(
        REFUND,
        "sensitive: code",
        "sensitive: code\n    required: false",
        "required: false",
        ("always asked",),
    ),
    Mistake(REFUND, "label: amount\n", "label: amount\n    sensitive: pin\n", "amount:", ("for last",)),
    # utterances
    Mistake(BOOK, "- book a ferry\n", "- book a ferry?\n", "book a ferry?", ("`?`", "Leave it out")),
    Mistake(BOOK, "- book a ferry\n", "- book 2 seats\n", "book 2", ("digits", "`2`")),
    Mistake(BOOK, "- book a ferry\n", "- book a ferry & go\n", "book a ferry &", ("`&`", "`and`")),
    Mistake(BOOK, "seats to {route}", "seats to {rote}", "reserve seats", ("{rote}", "`route`")),
    Mistake(BOOK, "seats to {route}", "seats to-{route}", "reserve seats", ("space on both sides",)),
    Mistake(BOOK, "seats to {route}", "seats to {route} and {route}", "reserve seats", ("twice",)),
    Mistake(BOOK, "seats to {route}", "seats to {route", "reserve seats", ("brace",)),
    Mistake(BOOK, "- book a ferry\n", f"- {LONG}\n", "sea sea", ("500 characters",)),
    Mistake(BOOK, "- book a ferry\n", "- Book a crossing!\n", "Book a crossing!", ("`!`",)),
    Mistake(BOOK, "- book a ferry\n", "- BOOK  a Crossing\n", "BOOK", ("already", "this intent", "9:5")),
    Mistake(TIMES, "- timetable please", "- is MY ferry late", "is MY", ("`CheckDelay`", "check_delay.yaml:7:5")),
    Mistake(REFUND, "- I want my money back", "- refund with {code}", "refund with", ("secret",)),
    Mistake(LOST, "- I forgot {thing}", '- "{thing}"', '"{thing}"', ("free text", "other words")),
    Mistake(LOST, "- I forgot {thing}", "- I am {owner} and lost {thing}", "I am", ("free text", "sole slot")),
    # keywords
    Mistake(HELP, "keywords:", "keywrods:", "keywrods", ("`keywrods`", "`keywords`")),
    Mistake(HELP, "keywords: [help, what can I say]", "keywords: help", "help", ("a list", "`help`")),
    Mistake(PETS, "[are pets allowed]", '["dogs to {route}"]', '"dogs to', ("no slot", "{route}", "`utterances`")),
    Mistake(HELP, "[help, what can I", "[help!, what can I", "help!", ("`!`", "Leave it out")),
    Mistake(HELP, "[help, what can I", '["help {me", what can I', '"help', ("brace",)),
    Mistake(HELP, "[help, what can I", '["-", what can I', '"-"', ("no word",)),
    Mistake(HELP, "[help, what can I", '["", what can I', '""', ("empty",)),
    Mistake(HELP, "[what can you do]", "[HELP]", "HELP]", ("already a keyword", "this intent", "help.yaml:4:12")),
    Mistake(HELP, "what can I say]", "Help]", "Help]", ("already a keyword", "this intent", "4:12")),
    Mistake(REFUND, "[claim a refund]", "[never mind]", "never", ("already a keyword", "`Cancel`", "cancel.yaml:4:20")),
    Mistake(
        PETS, "[are pets", "[is my ferry late, are pets", "is my", ("an utterance of `CheckDelay`", "delay.yaml:7:5")
    ),
    Mistake(
        TIMES, "- timetable please", "- lost  and found", "lost", ("a keyword of `ReportLostItem`", "item.yaml:6:12")
    ),
    Mistake("intents/repeat.yaml", "keywords:", "utterances:", "utterances", ("`keywords` is missing", "`pardon`")),
    Mistake("intents/fallback.yaml", "is: What", "keywords: [what]\nis: What", "keywords", ("no keywords",)),
    Mistake("intents/choose.yaml", "utterances:", "keywords: [that one]\nutterances:", "keywords", ("no slot",)),
    # values
    Mistake("slot_types.yaml", "gull_bay:", "Gull-Bay:", "Gull-Bay", ("a-z, 0-9 and _", "`gull_bay`")),
    Mistake("slot_types.yaml", "stone_quay: Stone Quay", "stone_quay: The Bay", "The Bay", ("already", "4:43")),
    Mistake("slot_types.yaml", "stone_quay: Stone Quay", "stone_quay: Stone <Quay>", "Stone <", ("`<`",)),
    Mistake("slot_types.yaml", "stone_quay: Stone Quay", f"stone_quay: {'quay ' * 30}", "quay quay", ("140",)),
    Mistake("slot_types.yaml", "shortest: 4, longest: 8", "shortest: 9, longest: 8", "9", ("more than `longest`",)),
    Mistake("slot_types.yaml", "message: {base: text", "message: {base: date", "longest", ("digits and text",)),
    Mistake("slot_types.yaml", "message: {base: text", "message: {base: txt", "txt", ("`txt`", "`text`")),
    Mistake("slot_types.yaml", "message: {base: text, longest: 200}", "message: {}", "message", ("exactly one",)),
    Mistake("slot_types.yaml", "message:", "date: Friday\nmessage:", "", ("date", "keys with values")),
    Mistake("slot_types.yaml", "vehicle:\n", "number:\n", "number", ("built-in",)),
    Mistake("slot_types.yaml", "vehicle:\n", "vehicle2:\n", "vehicle2", ("lower-case letters",)),
    # the whole
    Mistake("bank.yaml", "invocation: skerry ferries", "invocation: Skerry Ferries", "Skerry F", ("lower case",)),
    Mistake("bank.yaml", "invocation: skerry ferries", "invocation: skerry", "skerry", ("two words",)),
    Mistake("bank.yaml", "invocation: skerry ferries", "invocation: the ferry", "the ferry", ("little word",)),
    Mistake("bank.yaml", "invocation: skerry ferries", "invocation: ask skerry line", "ask skerry", ("`ask`",)),
    Mistake("bank.yaml", "invocation: skerry ferries", "invocation: skerry skill", "skerry skill", ("`skill`",)),
    Mistake("bank.yaml", "invocation: skerry ferries", "invocation: ferry 24", "ferry 24", ("digits",)),
    Mistake("bank.yaml", "voice: Matthew", "voice: Matthews", "Matthews", ("`Matthew`",)),
    Mistake("bank.yaml", "engine: neural", "engine: long-form", "long-form", ("Matthew", "`neural`")),
    Mistake("bank.yaml", "default_locale: en_US", "default_locale: en_GB", "en_GB", ("`en_US`",)),
    Mistake("bank.yaml", "CheckDelay,", "CheckDelays,", "CheckDelays", ("`CheckDelays`", "`CheckDelay`")),
    Mistake("bank.yaml", "CheckDelay,", "Help,", "Help", ("tasks, answers and a person",)),
    Mistake("bank.yaml", "CheckDelay,", "BookCrossing,", "BookCrossing, C", ("twice",)),
    Mistake("bank.yaml", "- make it {value}", "- make it {amount}", "make it", ("{amount}", "`value`")),
    Mistake("bank.yaml", "- make it {value}", "- make it so", "make it so", ("{value}",)),
    Mistake("bank.yaml", "- make it {value}", "- make it {value}!", "make it {value}!", ("`!`",)),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: f"{m.file}: {m.new.strip()[:40]}")
def test_a_mistake_is_reported_where_it_stands(ferry: Copy, mistake: Mistake) -> None:
    ferry.replace(mistake.file, mistake.old, mistake.new)
    lines = ferry.text(mistake.file).splitlines()
    here = []
    for problem in ferry.errors():
        assert problem.message.endswith((".", "?")), problem.message
        assert "Input should" not in problem.message
        if problem.place.file.endswith(mistake.file):
            line = lines[problem.place.line - 1] if problem.place.line <= len(lines) else ""
            told = all(words in problem.message for words in mistake.says)
            here.append((str(problem), told and line[problem.place.column - 1 :].startswith(mistake.at)))
    assert any(found for _, found in here), "\n".join(str(p) for p in ferry.errors())


def test_there_are_many_kinds_of_mistakes() -> None:
    assert len(MISTAKES) >= 60


def test_all_mistakes_of_all_files_come_in_one_go(ferry: Copy) -> None:
    ferry.replace(BOOK, "- book a ferry\n", "- book a ferry?\n")
    ferry.replace(CANCEL, "action: cancel", "actoin: cancel")
    ferry.replace("bank.yaml", "invocation: skerry ferries", "invocation: skerry")
    ferry.replace("slot_types.yaml", "gull_bay:", "Gull-Bay:")
    ferry.replace("phrases.yaml", "You were {doing}.", "You were {task}.")
    ferry.replace(DELAY, "is: Whether", "is: [Whether")
    files = {problem.place.file.rsplit("/", 1)[-1] for problem in ferry.errors()}
    assert files == {
        "book_crossing.yaml", "cancel_booking.yaml", "bank.yaml", "slot_types.yaml", "phrases.yaml",
        "check_delay.yaml",
    }  # fmt: skip


def test_a_generated_correction_must_not_be_an_utterance_already(ferry: Copy) -> None:
    ferry.replace(DELAY, "- delays to {route}", "- no {route}")
    (problem,) = ferry.errors()
    assert problem.place.file.endswith("bank.yaml")
    assert "`CheckDelay`" in problem.message
    assert "check_delay.yaml:11:5" in problem.message


def test_what_only_alexa_would_confuse_is_a_warning(ferry: Copy) -> None:
    ferry.replace(CANCEL, "- give back my seats", "- book {booking} seats")
    (problem,) = [p for p in ferry.problems() if "to Alexa" in p.message]
    assert problem.severity is compiler.Severity.WARNING
    assert "`BookCrossing`" in problem.message


def test_a_misspelt_key_hides_no_other_mistake_and_makes_none(ferry: Copy) -> None:
    ferry.replace(CANCEL, "action: cancel", "actoin: cancel")
    ferry.replace(CANCEL, "- cancel my booking", "- cancel my booking!")
    told = [problem.message for problem in ferry.errors()]
    assert len(told) == 2
    assert any("`action`" in message for message in told)
    assert any("`!`" in message for message in told)


def test_a_file_that_cannot_be_parsed_does_not_count_as_missing(ferry: Copy) -> None:
    ferry.write(DELAY, "intent: CheckDelay\nis: [never closed\n")
    assert [p.place.file.endswith(DELAY) for p in ferry.errors()] == [True]
    ferry.write("intents/yes.yaml", "intent: [\n")
    assert len(ferry.errors()) == 2


def test_problems_are_sorted_by_file_and_line(ferry: Copy) -> None:
    ferry.replace(CANCEL, "- cancel my booking", "- cancel my booking!")
    ferry.replace(BOOK, "Your code is {code}.", "Your code is {cod}.")
    ferry.replace(BOOK, "- book a ferry\n", "- book a ferry?\n")
    places = [problem.place for problem in ferry.problems()]
    assert places == sorted(places)


def test_yes_no_and_on_are_words_like_any_other(ferry: Copy) -> None:
    ferry.replace("slot_types.yaml", "vehicle:\n", "lights:\n  values: {on: on, off: off, no: no}\nvehicle:\n")
    assert ferry.errors() == []


def test_an_intent_without_its_universal_partner_is_missed(ferry: Copy) -> None:
    ferry.replace("intents/repeat.yaml", "role: repeat", "role: task")
    assert any("no intent has the role `repeat`" in problem.message for problem in ferry.errors())


def test_a_file_with_another_ending_is_not_passed_over_in_silence(ferry: Copy) -> None:
    ferry.write("intents/other.yml", "intent: Other\n")
    assert [p.message for p in ferry.errors()] == ["this file is not read. Give it the ending .yaml or move it away."]


def test_a_folder_without_a_model_is_told_as_such(ferry: Copy) -> None:
    with pytest.raises(compiler.Problems, match="no such folder"):
        compiler.load(ferry.folder / "nowhere")
