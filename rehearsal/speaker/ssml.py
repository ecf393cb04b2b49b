"""Speech markup: whether the service would speak it, and how it reads as text.

Elements: Alexa Skills Kit, "Speech Synthesis Markup Language (SSML) reference". Read with expat itself, since
prefixes such as amazon:effect stand in no declared namespace.
"""

from __future__ import annotations

from xml.parsers import expat

from rehearsal.speaker.faults import SkillFault

ELEMENTS = frozenset(
    "speak audio break emphasis lang p phoneme prosody s say-as sub voice w "
    "amazon:domain amazon:effect amazon:emotion alexa:name".split()
)


def read_ssml(ssml: str, where: str) -> str:
    """The speech as plain text. Raises SkillFault, naming `where` it stands, for what Alexa doesn't speak."""
    page = _Page(where)
    parser = expat.ParserCreate()
    parser.StartElementHandler = page.start
    parser.EndElementHandler = page.end
    parser.CharacterDataHandler = page.words
    parser.StartDoctypeDeclHandler = page.doctype
    parser.ProcessingInstructionHandler = page.instruction
    try:
        parser.Parse(ssml, True)
    except (expat.ExpatError, ValueError) as error:
        raise SkillFault(f"{where} is not well-formed SSML: {error}") from error
    return " ".join("".join(page.parts).split())


class _Page:
    def __init__(self, where: str) -> None:
        self.parts: list[str] = []
        self._where = where
        self._open: list[str] = []
        self._aliased = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._open and name != "speak":
            raise SkillFault(f"{self._where} begins with <{name}>: SSML begins with <speak>")
        if name not in ELEMENTS:
            raise SkillFault(f"{self._where} has <{name}>, which Alexa doesn't speak")
        if name == "speak" and self._open:
            raise SkillFault(f"{self._where} has a <speak> inside another")
        self._open.append(name)
        if name in ("break", "p", "s"):
            self.parts.append(" ")
        if name == "sub":
            if not self._aliased:
                self.parts.append(attributes.get("alias", ""))
            self._aliased += 1

    def end(self, name: str) -> None:
        self._open.pop()
        if name == "sub":
            self._aliased -= 1
        if name in ("p", "s"):
            self.parts.append(" ")

    def words(self, text: str) -> None:
        if not self._aliased:
            self.parts.append(text)

    def doctype(self, *_: object) -> None:
        raise SkillFault(f"{self._where} declares a document type, which SSML for Alexa has not")

    def instruction(self, *_: object) -> None:
        raise SkillFault(f"{self._where} has a processing instruction, which SSML for Alexa has not")
