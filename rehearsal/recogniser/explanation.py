"""Says what the recogniser understood and why, for people who write dialogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehearsal.recogniser.classifier import Neighbour
from rehearsal.recogniser.recogniser import Hints, Interpretation, Recogniser


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an utterance was understood as it was."""

    text: str
    """The utterance, cleaned."""
    interpretations: tuple[Interpretation, ...]
    """What `recognise` returns for it."""
    neighbours: tuple[Neighbour, ...]
    """The nearest sample utterances, nearest first."""
    probabilities: Mapping[str, float]
    """What the classifier gives the five likeliest intents."""
    none: float
    """What it gives to "none of them"."""
    threshold: float
    """The confidence below which the fallback is understood."""
    reasons: tuple[str, ...]
    """What else counted: samples followed to the word, answers to the question asked, a yes or no."""

    def lines(self) -> list[str]:
        """The explanation for a terminal."""
        said: list[str] = []
        for interpretation in self.interpretations:
            score = "  -  " if interpretation.confidence is None else f"{interpretation.confidence:.3f}"
            said.append(f"{score}  {interpretation.intent}")
            said.extend(
                f'         {name} = {reading.interpreted}   (said: "{reading.original}")'
                for name, reading in interpretation.slots.items()
                if reading is not None
            )
        said.append(f"threshold {self.threshold:.2f}; no intent of this bot at all: {self.none:.2f}")
        said.extend(f"because   {reason}" for reason in self.reasons)
        said.extend(f'near      {near.likeness:.2f}  {near.intent}: "{near.sample}"' for near in self.neighbours)
        return said


def explain(
    recogniser: Recogniser,
    text: str,
    *,
    eliciting: tuple[str, str] | None = None,
    confirming: bool = False,
    within: str | None = None,
    hints: Hints = MappingProxyType({}),
) -> Explanation:
    """What the text is understood as, with the evidence; takes what `Recogniser.recognise` takes."""
    hearing = recogniser.hear(text, eliciting=eliciting, confirming=confirming, within=within, hints=hints)
    understood = recogniser.recognise(text, eliciting=eliciting, confirming=confirming, within=within, hints=hints)
    likeliest = dict(sorted(hearing.scores.probability.items(), key=lambda pair: -pair[1])[:5])
    return Explanation(
        text=hearing.utterance.text,
        interpretations=understood,
        neighbours=hearing.scores.neighbours,
        probabilities=likeliest,
        none=hearing.scores.none,
        threshold=recogniser.grammar.threshold,
        reasons=hearing.reasons,
    )
