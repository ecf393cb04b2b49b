"""How long words take to say, and whether SSML is fit for Polly.

150 words a minute; digits that are read one by one count as words. The tags are those that standard and neural
voices both take: docs.aws.amazon.com/polly/latest/dg/supportedtags.html.
"""

from __future__ import annotations

import re

WORDS_A_MINUTE = 150
MOST_SECONDS = 20
MOST_BREAK = 10
_TAG = re.compile(r"<(/?)([a-zA-Z:-]+)([^<>]*?)(/?)>")
_BREAK = re.compile(r"<break\s+time=\"(\d+(?:\.\d+)?)(ms|s)\"\s*/>")
_DIGITS = re.compile(r"<say-as\s+interpret-as=\"(?:digits|telephone|characters|spell-out)\">(.*?)</say-as>")
_TAGS = frozenset("speak break p s say-as sub phoneme lang mark prosody w amazon:domain".split())
_PATH = re.compile(r"\$\.[A-Za-z][\w.\[\]'-]*")
_PATH_SOUNDS_LIKE = "three words long"


def seconds(words: str) -> float:
    """About how long this takes to say. A JSONPath counts as three words, a spelled-out one as ten."""
    pauses = sum(float(n) / (1000 if unit == "ms" else 1) for n, unit in _BREAK.findall(words))
    spelled = sum(10 if "$." in inner else len(re.findall(r"\w", inner)) for inner in _DIGITS.findall(words))
    plain = _TAG.sub(" ", _DIGITS.sub(" ", words))
    plain = _PATH.sub(_PATH_SOUNDS_LIKE, plain)
    return pauses + (spelled + len(re.findall(r"[\w']+", plain))) * 60 / WORDS_A_MINUTE


def ssml_fault(words: str) -> str | None:
    """What is wrong with the SSML, in words; None if nothing is. A JSONPath alone is taken on trust."""
    if words.startswith("$."):
        return None
    if not (words.startswith("<speak>") and words.endswith("</speak>")):
        return "it must stand within <speak> and </speak>"
    open_tags: list[str] = []
    for closing, name, _, alone in _TAG.findall(words):
        if name not in _TAGS:
            return f"<{name}> is no tag that every voice takes"
        if alone:
            continue
        if not closing:
            open_tags.append(name)
        elif not open_tags or open_tags.pop() != name:
            return f"</{name}> closes what is not open"
    if open_tags:
        return f"<{open_tags[-1]}> is never closed"
    bare = _TAG.sub("", words)
    if "<" in bare or ">" in bare:
        return "a < or > stands alone. Write &lt; or &gt;"
    if re.search(r"&(?!amp;|lt;|gt;|quot;|apos;)", bare):
        return "an & stands alone. Write &amp;"
    if any(float(n) / (1000 if unit == "ms" else 1) > MOST_BREAK for n, unit in _BREAK.findall(words)):
        return f"a break may last {MOST_BREAK} seconds at most"
    return None
