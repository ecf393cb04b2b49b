from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rehearsal.recogniser import Grammar, Intent, Recogniser, explain
from rehearsal.recogniser.classifier import StaleModel
from rehearsal.recogniser.words import cut

ROOT = Path(__file__).resolve().parents[4]
JUMBLE = """at 3 the second half past in two weeks from 12/5 double one and a of may to point $ 1,000 5:30 pm
last next friday plus k"""
STRANGE = [
    "",
    "   ",
    "\x00\u200b\ufeff",
    "🎉🎉🎉",
    "👩‍👩‍👧‍👦",
    "مرحبا كيف حالك",
    "\u202emoney \u202c",
    "x" * 1024,
    "a " * 512,
    "$ $ $ % #",
    "@@@ at dot com",
    "<speak><break time='3s'/></speak>",
    "12/34/56 99:99 0000-00-00",
    "{amount} {source}",
    "²³½",
    "９９９",
    "double double triple",
    "at",
    "the",
    "9" * 400,
    "in 99999999999999 years",
    "\ud800",
]


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("slot", [None, "amount", "source", "date", "payee"])
def test_strange_text_gets_a_valid_answer(bank: Recogniser, text: str, slot: str | None) -> None:
    eliciting = ("TransferMoney", slot) if slot else None
    found = bank.recognise(text, eliciting=eliciting, confirming=slot is None)
    assert 1 <= len(found) <= 5
    assert sum(entry.intent == "FallbackIntent" for entry in found) == 1


@pytest.mark.parametrize("text", [text for text in STRANGE if not text.strip(" $%#@").isascii()] + ["", "   "])
def test_text_without_meaning_is_not_understood(bank: Recogniser, text: str) -> None:
    if text not in ("９９９", "²³½", "\u202emoney \u202c"):
        assert bank.recognise(text)[0].intent == "FallbackIntent"


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200), slot=st.sampled_from(["amount", "source", "date", "payee"]))
def test_no_text_whatever_raises(bank: Recogniser, text: str, slot: str) -> None:
    found = bank.recognise(text, eliciting=("TransferMoney", slot), confirming=True)
    for entry in found:
        assert entry.confidence is None or 0.0 <= entry.confidence <= 1.0
        for value in entry.slots.values():
            assert value is None or (value.original and value.interpreted)


@settings(max_examples=150, deadline=None)
@given(words=st.lists(st.sampled_from(JUMBLE.split()), max_size=12))
def test_no_jumble_of_numbers_and_dates_raises(bank: Recogniser, words: list[str]) -> None:
    for slot in ("amount", "date"):
        bank.recognise(" ".join(words), eliciting=("TransferMoney", slot))


def test_unknown_names_in_the_context_are_passed_over(bank: Recogniser) -> None:
    assert bank.recognise("what's my balance", eliciting=("Gone", "slot"))[0].intent == "CheckBalance"
    assert bank.recognise("fifty", eliciting=("TransferMoney", "gone"))
    assert bank.recognise("yes", within="Gone", hints={"Gone": {"x": ["y"]}})[0].intent == "Yes"


def test_the_fallback_stands_where_the_threshold_falls(bank: Recogniser) -> None:
    for text in ("what's my balance", "my card", "tell me about whales"):
        found = bank.recognise(text)
        place = next(i for i, entry in enumerate(found) if entry.intent == "FallbackIntent")
        assert found[place].confidence is None
        assert all((entry.confidence or 0.0) >= 0.4 for entry in found[:place])
        assert all((entry.confidence or 0.0) < 0.4 for entry in found[place + 1 :])


def test_training_twice_gives_the_same_recogniser(bare_bank: Recogniser) -> None:
    again = Recogniser.train(bare_bank.grammar)
    for text in ("where did my money go", "my chip is broken", "what is a whale"):
        assert again.recognise(text) == bare_bank.recognise(text)


def test_two_processes_learn_the_same_vocabulary() -> None:
    """Each process hashes words by a seed of its own: what is learnt must not hang on the order of a set."""
    script = (
        "from rehearsal.recogniser.features import Vocabulary;"
        "words = [[f'one{n}', f'two{n}', f'three{n}'] for n in range(900)] * 2;"
        "print(list(Vocabulary.of(words, []).position))"
    )
    learnt = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(learnt) == 1


def test_a_saved_recogniser_answers_as_before(bare_bank: Recogniser, tmp_path: Path) -> None:
    bare_bank.save(tmp_path / "model.npz")
    loaded = Recogniser.load(tmp_path / "model.npz", bare_bank.grammar)
    for text in ("where did my money go", "send 40 dollars to savings", "what is a whale"):
        assert loaded.recognise(text) == bare_bank.recognise(text)


def test_a_cache_for_another_grammar_or_a_damaged_one_is_trained_anew(tmp_path: Path) -> None:
    one = Grammar((Intent("Eat", ("i am hungry", "let us eat")), Intent("Rest", ("i am tired", "let us rest"))))
    other = Grammar((Intent("Eat", ("i am hungry", "food")), Intent("Rest", ("i am tired", "sleep"))))
    path = tmp_path / "model.npz"
    Recogniser.train(one).save(path)
    with pytest.raises(StaleModel, match="train again"):
        Recogniser.load(path, other)
    Recogniser.cached(tmp_path, other)
    cached = next(file for file in tmp_path.iterdir() if file.name.startswith(other.digest()[:24]))
    cached.write_bytes(b"no model")
    assert Recogniser.cached(tmp_path, other).recognise("food")[0].intent == "Eat"


@pytest.mark.parametrize("intents", [(), (Intent("Only", ()),), (Intent("Only", ("just this",)),)])
def test_the_smallest_grammars_can_be_trained(intents: tuple[Intent, ...]) -> None:
    small = Recogniser.train(Grammar(intents))
    assert small.recognise("something else entirely")[0].intent == "FallbackIntent"
    assert small.recognise("just this")[0].intent == ("Only" if intents and intents[0].samples else "FallbackIntent")


@given(st.text(max_size=100))
def test_words_point_into_the_text_they_were_cut_from(text: str) -> None:
    utterance = cut(text)
    for word in utterance.words:
        assert utterance.text[word.start : word.end].lower().replace("\u2019", "'") == word.text


def test_an_explanation_says_what_was_understood_and_why(bank: Recogniser) -> None:
    explanation = explain(bank, "I lost my card!")
    assert explanation.interpretations[0].intent == "ReportLostCard"
    assert explanation.neighbours[0].sample == "i lost my card"
    text = "\n".join(explanation.lines())
    assert 'follows the sample "i lost my card"' in text
    assert "threshold 0.40" in text


def test_an_explanation_names_the_answer_to_a_question(bank: Recogniser) -> None:
    lines = explain(bank, "fifty bucks", eliciting=("TransferMoney", "amount")).lines()
    assert any("amount = 50" in line for line in lines)
