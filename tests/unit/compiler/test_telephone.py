"""What the telephone says is read and checked like everything else that is authored."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import compiler
from compiler.speech import seconds, ssml_fault

BANK = Path(__file__).parents[3] / "dialogue"
TELEPHONE = "telephone.yaml"


class Mistake(NamedTuple):
    old: str
    new: str
    at: str
    """What stands at the line and column that are reported."""
    says: tuple[str, ...]


MISTAKES = [
    Mistake("  greeting:", "  greetin:", "greetin:", ("`greetin`", "`greeting`")),
    Mistake("country: US\n", "", "queues:", ("`country` is missing",)),
    Mistake("country: US", "country: America", "America", ("`America`", "`country`")),
    Mistake("ReportFraud", "ReportFruad", "ReportFruad", ("`ReportFruad`", "`ReportFraud`")),
    Mistake(
        "[ReportFraud", "[ReportLostCard, ReportFraud", "ReportLostCard, ReportFraud", ("goes to `cards` already",)
    ),
    Mistake("  cards: [", "  Cards 2: [", "Cards 2: [", ("`Cards 2`", "lower-case")),
    Mistake(
        "goodbye: Thank you for coming to {business}", "goodbye: Thanks from {bank}", "Thanks", ("{bank}", "`business`")
    ),
    Mistake("opening: How", "opening: <emphasis>How</emphasis> How", "<emphasis>", ("emphasis", "voice")),
    Mistake("opening: How", "opening: Fish & chips. How", "Fish", ("&amp;",)),
    Mistake("opening: How", "opening: " + "How " * 60 + "How", "How How", ("33 seconds", "20", "Shorten")),
    Mistake("hello: hello", "hello: " + "hi " * 500, "hi hi", ("1499 characters", "1024")),
    Mistake("full: So", "full: [Sorry, So many]\n  x: So", "So many]", ("same every time",)),
    Mistake("full: So", "full:\n  x: So", "full:", ("words are missing",)),
]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    folder = tmp_path / "bank"
    shutil.copytree(BANK, folder)
    return folder


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.says[0])
def test_a_mistake_is_caught_where_it_stands(bank: Path, mistake: Mistake) -> None:
    file = bank / TELEPHONE
    text = file.read_text(encoding="utf-8")
    assert mistake.old in text
    file.write_text(text.replace(mistake.old, mistake.new, 1), encoding="utf-8")
    with pytest.raises(compiler.Problems) as caught:
        compiler.load(bank)
    lines = file.read_text(encoding="utf-8").splitlines()
    found = [p for p in caught.value.errors if all(words in p.message for words in mistake.says)]
    assert found, str(caught.value)
    assert found[0].place.file.endswith(TELEPHONE)
    assert lines[found[0].place.line - 1][found[0].place.column - 1 :].startswith(mistake.at)


def test_a_model_may_have_no_telephone(bank: Path) -> None:
    (bank / TELEPHONE).unlink()
    assert compiler.load(bank).default.telephone is None


def test_words_are_said_as_ssml_and_shown_as_text() -> None:
    telephone = compiler.load(BANK).default.telephone
    assert telephone is not None
    assert telephone.say("goodbye") == "<speak>Thank you for coming to Meridian. Goodbye.</speak>"
    assert telephone.say("callback_promised", number="$.Attributes.callback_number").startswith(
        '<speak>We\'ll call you at <say-as interpret-as="telephone">$.Attributes.callback_number</say-as>'
    )
    assert telephone.show("callback_promised", number="x").startswith("We'll call you at x as soon")
    assert (telephone.locale, telephone.language, telephone.voice, telephone.country) == (
        "en_US", "en-US", "Joanna", "US",
    )  # fmt: skip
    assert next(iter(telephone.queues)) == "everyday"


def test_a_business_with_an_ampersand_can_be_said(bank: Path) -> None:
    file = bank / "bank.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: Meridian", "name: Fern & Son"), encoding="utf-8")
    telephone = compiler.load(bank).default.telephone
    assert telephone is not None
    assert "Fern &amp; Son" in telephone.say("goodbye")
    assert "Fern & Son" in telephone.show("goodbye")


def test_a_second_locale_says_every_phrase_and_has_no_queues_of_its_own(bank: Path) -> None:
    (bank / "bank.yaml").write_text(
        (bank / "bank.yaml")
        .read_text(encoding="utf-8")
        .replace("currency: USD}", "currency: USD}\n  es_US: {voice: Lupe, engine: neural}", 1),
        encoding="utf-8",
    )
    words = yaml.load((bank / TELEPHONE).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    del words["phrases"]["goodbye"]
    overlay = bank / "locales" / "es_US" / TELEPHONE
    overlay.parent.mkdir(parents=True)
    overlay.write_text(yaml.dump({"queues": {"cards": []}, "phrases": words["phrases"]}), encoding="utf-8")
    with pytest.raises(compiler.Problems) as caught:
        compiler.load(bank)
    said = [p.message for p in caught.value.errors if p.place.file.endswith(f"es_US/{TELEPHONE}")]
    assert "`phrases.goodbye` is not translated. Add it." in said
    assert any("`queues` can't be translated here" in message for message in said)
    assert len(said) == 2


@given(st.text(alphabet='abc <>/&"=$.12speakbreaktime', max_size=60))
def test_any_text_has_a_length_and_a_verdict(text: str) -> None:
    assert seconds(text) >= 0
    verdict = ssml_fault(text)
    assert verdict is None or verdict


@pytest.mark.parametrize(
    ("words", "takes"),
    [
        ("one two three four five", 2),
        ('<speak>one <break time="500ms"/> two</speak>', 1.3),
        ('<say-as interpret-as="digits">1234</say-as>', 1.6),
        ('<say-as interpret-as="telephone">$.Attributes.callback_number</say-as>', 4),
        ("$.External.say", 1.2),
    ],
)
def test_how_long_words_take(words: str, takes: float) -> None:
    assert seconds(words) == pytest.approx(takes)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("<speak>Hello.</speak>", None),
        ("$.External.say", None),
        ("Hello.", "within <speak>"),
        ("<speak><p>Hello.</speak>", "closes what is not open"),
        ("<speak>Hello.</p></speak>", "closes what is not open"),
        ("<speak>1 < 2</speak>", "stands alone"),
        ('<speak><break time="11s"/></speak>', "10 seconds"),
        ("<speak><blink>Hello.</blink></speak>", "no tag"),
    ],
)
def test_what_a_voice_can_not_say(words: str, fault: str | None) -> None:
    found = ssml_fault(words)
    assert found == fault or (found is not None and fault is not None and fault in found)
