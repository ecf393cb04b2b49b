"""The telephone's voice: words or SSML to a WAV, by eSpeak NG.

eSpeak NG is under the GPL, version 3, which this project's code is not. So it stays at arm's length: it comes as a
package of its own (`espeakng-loader`, the library with its data, some 20 MB), is loaded by this file run as a program
of its own, and gets text and gives sound through pipes. Nothing of it is ever part of a deployment, and nothing
needs it: where there is no wheel of it the page shows the words, and lets the browser's own voice read them.

A process of its own also means that a fault in C code costs one sentence, and that callers needn't wait in line for a
library that isn't safe for threads.
"""

from __future__ import annotations

import ctypes
import io
import subprocess
import sys
import wave
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Final

LONGEST: Final = 3_000
"""Characters, marks included: as much as Amazon Polly speaks at once (developer guide, "Quotas in Amazon Polly")."""
KEPT: Final = 64
"""Sentences that are kept: flows say the same ones again and again."""
_SECONDS: Final = 15.0
_RETRIEVAL, _WHOLE, _UTF8, _SSML, _DONT_EXIT, _RATE = 1, 0, 1, 0x10, 0x8000, 1
"""As in eSpeak NG's speak_lib.h."""
_WORDS_A_MINUTE: Final = 165
_Sound = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class NoVoice(RuntimeError):
    """Nothing can be spoken here; says why."""


def speaks() -> bool:
    """Whether a synthesiser is installed."""
    return find_spec("espeakng_loader") is not None


@lru_cache(maxsize=KEPT)
def spoken(words: str, language: str = "en-US") -> bytes:
    """A WAV (16 bit, mono) of a text, or of SSML where it begins with `<speak`.

    Raises NoVoice where no synthesiser is installed, or it fails; ValueError for more than LONGEST characters.
    """
    if len(words) > LONGEST:
        raise ValueError(f"{len(words)} characters, and {LONGEST} can be spoken at once")
    if not speaks():
        raise NoVoice("no synthesiser is installed: pip install espeakng-loader")
    command = [sys.executable, "-I", str(Path(__file__).resolve()), language]
    try:
        done = subprocess.run(command, input=words.encode(), capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise NoVoice(f"the synthesiser was not done within {_SECONDS:.0f} s") from None
    if done.returncode or not done.stdout.startswith(b"RIFF"):
        raise NoVoice(f"the synthesiser failed: {done.stderr.decode(errors='replace')[-200:].strip()}")
    return done.stdout


def _main(language: str) -> None:
    """Text on standard input, a WAV on standard output."""
    espeak = import_module("espeakng_loader")
    said = sys.stdin.buffer.read()
    library = ctypes.CDLL(espeak.get_library_path())
    samples = bytearray()

    def hear(sound: ctypes._Pointer[ctypes.c_short], count: int, _events: int | None) -> int:
        if count > 0:
            samples.extend(ctypes.string_at(sound, count * 2))
        return 0

    heard = _Sound(hear)

    # The data's place is named by the folder that holds it.
    place = str(Path(espeak.get_data_path()).parent).encode()
    rate = library.espeak_Initialize(_RETRIEVAL, 0, place, _DONT_EXIT)
    if rate <= 0:
        raise SystemExit("eSpeak NG finds no data")
    library.espeak_SetSynthCallback(heard)
    if library.espeak_SetVoiceByName(language.lower().encode()):
        library.espeak_SetVoiceByName(language.partition("-")[0].lower().encode())
    library.espeak_SetParameter(_RATE, _WORDS_A_MINUTE, 0)
    how = _UTF8 | (_SSML if said.lstrip().startswith(b"<speak") else 0)
    library.espeak_Synth(said + b"\0", ctypes.c_size_t(len(said) + 1), 0, _WHOLE, 0, how, None, None)
    library.espeak_Synchronize()
    whole = io.BytesIO()
    with wave.open(whole, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(bytes(samples))
    sys.stdout.buffer.write(whole.getvalue())


if __name__ == "__main__":
    _main(sys.argv[1])
