"""Keywords are the engine's, utterances the recognisers' alone: a change of one of these reaches no function."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import compiler
from compiler.canonical import dumps
from compiler.source import AuthoredIntent, Source

MODELS = Path(__file__).parents[2] / "models"
SOURCES = [compiler.load(MODELS / "ferry"), compiler.load(MODELS.parents[1] / "dialogue")]
ALWAYS_HEARD = ("help", "repeat", "cancel", "start_over", "go_back", "yes", "no", "greeting", "goodbye", "person")


class Copy(Protocol):
    folder: Path

    def replace(self, name: str, old: str, new: str) -> None: ...
    def problems(self) -> tuple[compiler.Problem, ...]: ...
    def errors(self) -> list[compiler.Problem]: ...


class Change(NamedTuple):
    intent: str
    old: str
    new: str


UTTERANCES = [
    Change("book_crossing", "utterances:\n", "utterances:\n  - put me on a boat\n"),
    Change("book_crossing", "  - I want to take the ferry\n", ""),
    Change("book_crossing", "I want to take the ferry", "I would love to sail"),
    Change("book_crossing", "  - book {passengers} seats\n", "  - we are {passengers}\n"),
    Change("cancel_booking", "  - cancel my booking\n", ""),
    Change("pets_on_board", "  - do you take cats\n", "  - do you take cats\n  - may my parrot sail\n"),
    Change("pets_on_board", "  - do you take cats\n", ""),
    Change("help", "[what can you do]", "[what can you do, tell me more]"),
    Change("help", "utterances: [what can you do]\n", ""),
    Change("help", "what can you do", "what are you good for"),
    Change("cancel", "[forget it]", "[forget it, let it be]"),
    Change("cancel", "utterances: [forget it]\n", ""),
    Change("yes", "[please do]", "[please do, go on then]"),
    Change("yes", "utterances: [please do]\n", ""),
    Change("yes", "please do", "go on then"),
    Change("no", "keywords:", "utterances: [on no account]\nkeywords:"),
    Change("harbourmaster", "a human please", "a sailor please"),
]
KEYWORDS = [
    Change("pets_on_board", "[are pets allowed]", "[are pets allowed, pets]"),
    Change("help", "[help, ", "["),
    Change("cancel", "never mind", "not any more"),
    Change("yes", "[yes, yeah, sure]", "[yes, yeah, sure, aye]"),
]


@pytest.mark.parametrize("change", UTTERANCES, ids=lambda c: f"{c.intent}: {c.new.strip() or 'removed'}"[:60])
def test_a_changed_utterance_changes_the_recognisers_and_not_a_byte_of_the_runtime(ferry: Copy, change: Change) -> None:
    before = compiler.compiled(compiler.load(ferry.folder))
    ferry.replace(f"intents/{change.intent}.yaml", change.old, change.new)
    after = compiler.compiled(compiler.load(ferry.folder))
    changed = {name for name, content in before.items() if after[name] != content}
    assert changed == {"lex.json", "ear.json", "alexa.en_US.json"}


@pytest.mark.parametrize("change", KEYWORDS, ids=lambda c: f"{c.intent}: {c.new}")
def test_a_changed_keyword_changes_the_recognisers_and_the_runtime(ferry: Copy, change: Change) -> None:
    before = compiler.compiled(compiler.load(ferry.folder))
    ferry.replace(f"intents/{change.intent}.yaml", change.old, change.new)
    after = compiler.compiled(compiler.load(ferry.folder))
    assert all(after[name] != content for name, content in before.items())


def with_utterances(source: Source, name: str, utterances: list[str]) -> Source:
    edition = source.default
    intent = edition.intents[name]
    shape = intent.shape.model_copy(update={"utterances": utterances})
    intents = {**edition.intents, name: AuthoredIntent(shape, intent.file)}
    return replace(source, editions={**source.editions, edition.locale: replace(edition, intents=intents)})


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_runtime_depends_on_no_utterance_of_any_intent(data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    name = data.draw(st.sampled_from([n for n, i in source.default.intents.items() if i.shape.role != "fallback"]))
    kept = list(source.default.intents[name].shape.utterances)
    at = data.draw(st.integers(0, len(kept)))
    instead = data.draw(st.lists(st.just("something nobody says"), max_size=1))
    gone = data.draw(st.integers(0, 1))
    changed = with_utterances(source, name, [*kept[:at], *instead, *kept[at + gone :]])
    assert dumps(compiler.compile_runtime(changed)) == dumps(compiler.compile_runtime(source))
    if instead:
        assert compiler.lex_bot(changed, hooks=False) != compiler.lex_bot(source, hooks=False)
        assert compiler.alexa_model(changed, "en_US") != compiler.alexa_model(source, "en_US")


def test_recognisers_get_the_keywords_first_then_the_utterances(source: Source) -> None:
    said = ["help", "what can I say", "what can you do"]
    bot = {i["name"]: i for i in compiler.lex_bot(source, hooks=True)["botLocales"][0]["intents"]}
    assert [sample["utterance"] for sample in bot["Help"]["sampleUtterances"]] == said
    language = compiler.alexa_model(source, "en_US")["interactionModel"]["languageModel"]
    assert {i["name"]: i["samples"] for i in language["intents"]}["AMAZON.HelpIntent"] == said


def test_yes_and_no_have_their_labels_and_keywords_for_names(source: Source) -> None:
    words = compiler.compile_runtime(source)["locales"]["en_US"]
    assert words["values"]["yes_no"] == {"yes": ["yes", "yeah", "sure"], "no": ["no", "nope", "rather not"]}
    assert words["keywords"]["yeah"] == "Yes"
    assert "please do" not in words["keywords"]


def test_whatever_must_always_be_heard_has_keywords(any_source: Source) -> None:
    heard = compiler.compile_runtime(any_source)["locales"]["en_US"]["keywords"].values()
    wanted = {intent.name for role in ALWAYS_HEARD if (intent := any_source.default.by_role(role))}
    assert len(wanted) == len(ALWAYS_HEARD)
    assert wanted <= set(heard)


@pytest.mark.parametrize("role", ALWAYS_HEARD)
def test_a_role_that_would_fall_silent_is_an_error_with_a_suggestion(ferry: Copy, role: str) -> None:
    name = {"person": "harbourmaster"}.get(role, role)
    file = f"intents/{name}.yaml"
    text = (ferry.folder / file).read_text(encoding="utf-8")
    if "utterances:" in text:
        ferry.replace(file, text[text.index("keywords:") : text.index("utterances:")], "")
    else:
        ferry.replace(file, "keywords:", "utterances:")
    (problem,) = ferry.errors()
    lines = (ferry.folder / file).read_text(encoding="utf-8").splitlines()
    assert problem.place.file.endswith(file)
    assert lines[problem.place.line - 1][problem.place.column - 1 :].startswith("utterances:")
    assert f"`{role}` would fall silent" in problem.message
    assert "such as `" in problem.message


def test_a_task_needs_no_keywords(ferry: Copy) -> None:
    assert not any("keywords" in p.message for p in ferry.problems() if p.place.file.endswith("book_crossing.yaml"))


def test_keywords_count_among_the_utterances_that_make_enough(ferry: Copy) -> None:
    times = "intents/sailing_times.yaml"

    def few() -> list[str]:
        return [p.message for p in ferry.problems() if p.place.file.endswith(times) and "at least" in p.message]

    assert few() == ["6 utterances; write at least 20 different ones to be understood well."]
    thirteen = ", ".join(f"ferries {word}" for word in "a b c d e f g h i j k l m".split())
    ferry.replace(times, "utterances:\n", f"keywords: [{thirteen}]\nutterances:\n")
    assert few() == ["19 utterances, keywords included; write at least 20 different ones to be understood well."]
    ferry.replace(times, "[ferries a,", "[ferries a, ferries z,")
    assert few() == []


def test_keywords_alone_are_enough_to_be_reached(ferry: Copy) -> None:
    ferry.replace("intents/help.yaml", "utterances: [what can you do]\n", "")
    assert ferry.errors() == []


def test_an_intent_with_neither_is_told_so_once(ferry: Copy) -> None:
    ferry.replace("intents/repeat.yaml", "keywords: [repeat, say that again, pardon]", "keywords: []")
    (problem,) = ferry.errors()
    assert "Nobody could ever reach" in problem.message
