"""Text fitted to what a channel takes: cut between words, nothing lost; AWS counts in UTF-16 units."""

from __future__ import annotations

from throughline.rendering import plain


def units(words: str) -> int:
    """How long AWS finds a text."""
    return len(words) if words.isascii() else len(words.encode("utf-16-le", "surrogatepass")) // 2


def pieces(words: str, longest: int) -> list[str]:
    """The text in pieces of at most so many units, cut at spaces where there are any; at least one piece."""
    found: list[str] = []
    while units(words) > longest:
        # A sign beyond the basic plane counts twice.
        at = longest if words[:longest].isascii() else longest // 2
        space = words.rfind(" ", at // 2, at + 1)
        head, words = (words[:space], words[space + 1 :]) if space > 0 else (words[:at], words[at:])
        if head.strip():
            found.append(head)
    return [*found, words] if words.strip() or not found else found


def packed(texts: list[str], joint: str, longest: int) -> list[str]:
    """Neighbours put together for as long as they fit into so many units."""
    found: list[str] = []
    for words in texts:
        if found and units(found[-1]) + len(joint) + units(words) <= longest:
            found[-1] = f"{found[-1]}{joint}{words}"
        else:
            found.append(words)
    return found


def unmarked(ssml: str) -> str:
    """Speech that may be cut anywhere: without tags, and without the signs that SSML would have to escape."""
    return plain(ssml).replace("&", " ").replace("<", " ").replace(">", " ")
