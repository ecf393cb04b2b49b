"""A second locale is words laid over the first: all of them, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

import compiler
from throughline.dialogue.model import Model

WORDS = {
    "label", "doing", "keywords", "utterances", "ask", "again", "help", "confirm", "confirm_again", "begun", "done",
    "done_waiting", "done_on_time", "item", "refused", "answer",
}  # fmt: skip


class Copy(Protocol):
    folder: Path

    def text(self, name: str) -> str: ...
    def write(self, name: str, text: str) -> None: ...
    def replace(self, name: str, old: str, new: str) -> None: ...
    def remove(self, name: str) -> None: ...
    def errors(self) -> list[compiler.Problem]: ...


def foreign(data: Any) -> Any:
    """The words in a language that differs by one letter."""
    if isinstance(data, str):
        return data + "o" if data.isalpha() else data
    if isinstance(data, dict):
        return {key: foreign(value) for key, value in data.items()}
    return [foreign(item) for item in data] if isinstance(data, list) else data


def translated(data: Any) -> Any:
    found = {key: foreign(value) for key, value in data.items() if key in WORDS}
    if "slots" in data:
        slots = {name: translated(slot) for name, slot in data["slots"].items()}
        found["slots"] = {name: slot for name, slot in slots.items() if slot}
    return {key: value for key, value in found.items() if value}


@pytest.fixture
def both(ferry: Copy) -> Copy:
    """The ferry line in two locales."""
    ferry.replace("bank.yaml", "currency: USD}\n", "currency: USD}\n  es_US: {voice: Lupe}\n")

    def write(name: str, data: Any) -> None:
        ferry.write(f"locales/es_US/{name}", yaml.dump(data, sort_keys=False, allow_unicode=True))

    bank = yaml.load(ferry.text("bank.yaml"), Loader=yaml.BaseLoader)
    write("bank.yaml", {"corrections": bank["corrections"], "invocation": "barcos skerry"})
    write("phrases.yaml", foreign(yaml.load(ferry.text("phrases.yaml"), Loader=yaml.BaseLoader)))
    types = yaml.load(ferry.text("slot_types.yaml"), Loader=yaml.BaseLoader)
    write("slot_types.yaml", {n: {"values": t["values"]} for n, t in types.items() if "values" in t})
    for file in sorted((ferry.folder / "intents").glob("*.yaml")):
        data = translated(yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
        if data:
            write(f"intents/{file.name}", data)
    return ferry


def test_two_locales_make_two_sets_of_words_and_one_model(both: Copy) -> None:
    assert both.errors() == []
    source = compiler.load(both.folder)
    model = Model.from_json(json.loads(json.dumps(compiler.compile_runtime(source))))
    assert list(model.locales) == ["en_US", "es_US"]
    assert model.words("es_US").labels["PetsOnBoard"] == "pets on board"
    assert model.words("es_US").keywords["helpo"] == "Help"
    assert set(model.words("es_US").prompts) == set(model.words("en_US").prompts)
    bots = compiler.lex_bot(source, hooks=True)["botLocales"]
    assert [bot["localeId"] for bot in bots] == ["en_US", "es_US"]
    assert [bot["voiceSettings"]["voiceId"] for bot in bots] == ["Matthew", "Lupe"]
    spanish = compiler.alexa_model(source, "es_US")["interactionModel"]["languageModel"]
    assert spanish["invocationName"] == "barcos skerry"


def test_a_missing_translation_is_named(both: Copy) -> None:
    overlay = both.folder / "locales" / "es_US" / "intents" / "book_crossing.yaml"
    data = yaml.safe_load(overlay.read_text(encoding="utf-8"))
    del data["slots"]["passengers"]["ask"]
    overlay.write_text(yaml.dump(data), encoding="utf-8")
    (problem,) = both.errors()
    assert problem.place.file.endswith("locales/es_US/intents/book_crossing.yaml")
    assert "`slots.passengers.ask` is not translated" in problem.message


def test_a_missing_file_is_named(both: Copy) -> None:
    both.remove("locales/es_US/intents/cancel_booking.yaml")
    (problem,) = both.errors()
    assert "translation is missing" in problem.message


def test_an_overlay_changes_nothing_but_words(both: Copy) -> None:
    overlay = "locales/es_US/intents/cancel_booking.yaml"
    both.write(overlay, both.text(overlay) + "action: something_else\n")
    (problem,) = both.errors()
    assert "`action` can't be translated" in problem.message
    assert problem.place.line == both.text(overlay).count("\n")


def test_a_mistake_in_an_overlay_is_found_in_the_overlay(both: Copy) -> None:
    overlay = "locales/es_US/intents/cancel_booking.yaml"
    both.replace(overlay, "- cancel my booking", "- cancel {bokking}")
    (problem,) = both.errors()
    assert problem.place.file.endswith(overlay)
    assert "{bokking}" in problem.message


def test_keywords_are_words_that_a_locale_must_give(both: Copy) -> None:
    overlay = "locales/es_US/intents/repeat.yaml"
    both.replace(overlay, "keywords:", "utterances:")
    (problem,) = [p for p in both.errors() if "not translated" in p.message]
    assert problem.place.file.endswith(overlay)
    assert "`keywords`" in problem.message


def test_a_locale_has_keywords_of_its_own_and_the_runtime_has_no_others(both: Copy) -> None:
    overlay = "locales/es_US/intents/check_delay.yaml"
    both.write(overlay, both.text(overlay) + "keywords: [retrasos]\n")
    assert both.errors() == []
    words = compiler.compile_runtime(compiler.load(both.folder))["locales"]
    assert words["es_US"]["keywords"]["retrasos"] == "CheckDelay"
    assert "retrasos" not in words["en_US"]["keywords"]


def test_a_mistaken_keyword_is_found_in_the_overlay(both: Copy) -> None:
    overlay = "locales/es_US/intents/check_delay.yaml"
    both.write(overlay, both.text(overlay) + "keywords:\n  - para {route}\n")
    (problem,) = both.errors()
    assert problem.place.file.endswith(overlay)
    assert (problem.place.line, problem.place.column) == (both.text(overlay).count("\n"), 5)
    assert "no slot" in problem.message


def test_what_is_left_over_has_no_keywords_in_any_locale(both: Copy) -> None:
    both.write("locales/es_US/intents/fallback.yaml", "keywords: [que]\n")
    (problem, *_) = both.errors()
    assert problem.place.file.endswith("locales/es_US/intents/fallback.yaml")
    assert "keywords" in problem.message


def test_a_changed_utterance_of_a_locale_leaves_the_runtime_as_it_is(both: Copy) -> None:
    before = compiler.compiled(compiler.load(both.folder))
    both.replace("locales/es_US/intents/cancel_booking.yaml", "- cancel my booking", "- anular mi reserva")
    after = compiler.compiled(compiler.load(both.folder))
    changed = {name for name, content in before.items() if after[name] != content}
    assert changed == {"lex.json", "ear.json", "alexa.es_US.json"}


def test_a_locale_that_the_bank_does_not_list_is_not_passed_over(both: Copy) -> None:
    both.write("locales/fr_FR/phrases.yaml", "yes: Oui\n")
    (problem,) = both.errors()
    assert "does not list this locale" in problem.message
