"""The telephone's voice: a WAV where a synthesiser is installed, and a reason where none is."""

from __future__ import annotations

import io
import wave
from importlib.util import find_spec

import pytest

from rehearsal import speech


def test_words_and_ssml_become_sound_where_a_synthesiser_is_installed() -> None:
    if not speech.speaks():
        with pytest.raises(speech.NoVoice, match="espeakng-loader"):
            speech.spoken("good day")
        return
    for words in ("good day", "<speak>good <break time='100ms'/> day</speak>"):
        with wave.open(io.BytesIO(speech.spoken(words))) as sound:
            assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
            assert 0.3 < sound.getnframes() / sound.getframerate() < 5


def test_without_a_synthesiser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "find_spec", lambda name: None if name == "espeakng_loader" else find_spec(name))
    with pytest.raises(speech.NoVoice, match="pip install espeakng-loader"):
        speech.spoken("nobody has said this before")


def test_what_is_too_long_to_be_said_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="3000"):
        speech.spoken("a" * (speech.LONGEST + 1))
