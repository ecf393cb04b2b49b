"""Reading a model's folder: every file, every locale, every check, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, TypeAdapter

from compiler.checks import check, check_overlay, check_telephone
from compiler.documents import Document, Plain, mapping, read
from compiler.places import Place
from compiler.problems import Findings, Problems, did_you_mean
from compiler.shape_errors import validated
from compiler.shapes import PHRASE, BankShape, IntentShape, PhrasesShape, SlotTypeShape
from compiler.source import AuthoredIntent, Edition, Located, Source, pascal
from compiler.telephone_shapes import TELEPHONE, AuthoredTelephone, Telephone, TelephoneShape
from throughline.dialogue.phrases import PHRASES, TIERED

BANK, TYPES, PHRASES_FILE = "bank.yaml", "slot_types.yaml", "phrases.yaml"
INTENTS, LOCALES = "intents", "locales"
_ORDERED = (BANK, TYPES, PHRASES_FILE)
_SLOT_TYPES: TypeAdapter[dict[str, SlotTypeShape]] = TypeAdapter(dict[str, SlotTypeShape])


def load(folder: FilePath) -> Source:
    """Read and check the model in `folder`.

    Raises Problems, with every error and warning found, if there is an error; the warnings of a good
    model are in the result's `warnings`.
    """
    findings = Findings()
    shown = _shown(folder)
    files = _files(folder, shown, findings)
    editions: dict[str, Edition] = {}
    bank = _shaped(BankShape, files.get(BANK), findings)
    if bank is not None and bank.default_locale not in bank.locales:
        place = files[BANK].at(("default_locale",))
        findings.error(
            place,
            f"`{bank.default_locale}` is not in `locales`. {did_you_mean(bank.default_locale, bank.locales)}",
        )
    if bank is not None:
        default = _edition(bank.default_locale, bank, files, findings)
        check(default, findings)
        editions[bank.default_locale] = default
        for locale in bank.locales:
            if locale != bank.default_locale:
                editions[locale] = _translated(locale, folder, shown, files, default, findings)
        _unlisted(folder, shown, bank, findings)
    else:
        # Without the bank's own file the others are still read, so that their mistakes show in the same go.
        for name, file in files.items():
            if name.startswith(f"{INTENTS}/"):
                _shaped(IntentShape, file, findings)
    if findings.failed:
        raise Problems(findings.problems)
    warnings = Problems(findings.problems).problems
    return Source(folder, editions, warnings, bank.default_locale if bank else "")


def _files(folder: FilePath, shown: str, findings: Findings) -> dict[str, Located]:
    found: dict[str, Located] = {}
    if not folder.is_dir():
        findings.error(Place(shown, 1, 1), "there is no such folder. Name the folder that holds bank.yaml.")
        return found
    intents = sorted((folder / INTENTS).glob("*")) if (folder / INTENTS).is_dir() else []
    spoken = [TELEPHONE] if (folder / TELEPHONE).is_file() else []
    names = [*_ORDERED, *spoken, *(f"{INTENTS}/{file.name}" for file in intents)]
    for name in names:
        label = f"{shown}/{name}"
        if not (folder / name).is_file():
            findings.error(Place(label, 1, 1), "this file is missing. Every model has one.")
        elif not name.endswith(".yaml"):
            findings.error(Place(label, 1, 1), "this file is not read. Give it the ending .yaml or move it away.")
        else:
            document = read(folder / name, label, findings)
            # Kept even if it can't be parsed, so that nobody is told that its intent is missing.
            found[name] = Located((document or Document(label),))
    if not any(name.startswith(f"{INTENTS}/") for name in names):
        findings.error(Place(f"{shown}/{INTENTS}", 1, 1), "there are no intents. Write one file for each.")
    return found


def _edition(locale: str, bank: BankShape, files: Mapping[str, Located], findings: Findings) -> Edition:
    intents: dict[str, AuthoredIntent] = {}
    seen: set[str] = set()
    for name, file in files.items():
        if not name.startswith(f"{INTENTS}/"):
            continue
        title = mapping(file.layers[-1].data).get("intent") or pascal(FilePath(name).stem)
        if isinstance(title, str) and title in seen:
            findings.error(file.at(("intent",)), f"there is another intent called `{title}`. Rename one of them.")
            continue
        if isinstance(title, str):
            seen.add(title)
        shape = _shaped(IntentShape, file, findings)
        if shape is not None:
            intents[shape.intent] = AuthoredIntent(shape, file)
    types_file = files.get(TYPES)
    types = None
    if types_file is not None:
        data = _merged(types_file)
        types = validated(None, _SLOT_TYPES.validate_python, {} if data is None else data, types_file, findings)
    phrases_file = files.get(PHRASES_FILE)
    said = _shaped(PhrasesShape, phrases_file, findings)
    known_types = frozenset(mapping(types_file.layers[-1].data)) if types_file else frozenset()
    return Edition(
        locale,
        bank,
        files[BANK],
        intents,
        types or {},
        types_file or _nowhere(files[BANK]),
        _prompts(said, PHRASES),
        _prompts(said, TIERED),
        phrases_file or _nowhere(files[BANK]),
        frozenset(seen),
        known_types,
        complete=types is not None and said is not None,
        telephone=_telephone(locale, bank, files.get(TELEPHONE), seen, findings),
    )


def _telephone(
    locale: str, bank: BankShape, file: Located | None, intents: set[str], findings: Findings
) -> Telephone | None:
    shape: TelephoneShape | None = _shaped(AuthoredTelephone, file, findings)
    if shape is None or file is None:
        return None
    check_telephone(shape, file, intents, findings)
    spoken = bank.locales.get(locale)
    if spoken is None:
        return None
    return Telephone(shape, locale=locale, business=bank.name, voice=spoken.voice, engine=spoken.engine)


def _prompts(said: BaseModel | None, names: Mapping[str, tuple[str, ...]]) -> Any:
    return {name: getattr(said, f"{PHRASE}{name}") for name in names} if said is not None else {}


def _nowhere(file: Located) -> Located:
    return Located((Document(file.name),))


def _shaped(shape: type[Any], file: Located | None, findings: Findings) -> Any:
    if file is None:
        return None
    data = _merged(file)
    if not isinstance(data, dict):
        if not any(problem.place.file == file.name for problem in findings.problems):
            findings.error(file.at(()), "this file is empty or no mapping. Begin with `key: value` lines.")
        return None
    return validated(shape, shape.model_validate, data, file, findings)


def _merged(file: Located) -> Plain:
    data: Plain = None
    for layer in reversed(file.layers):
        data = layer.data if data is None else overlaid(data, layer.data)
    return data


def overlaid(below: Plain, above: Plain) -> Plain:
    """`below` with what `above` says instead: mappings are merged, texts and lists are replaced."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: overlaid(below.get(key), value) for key, value in above.items()}}
    return below if above is None else above


def _translated(
    locale: str,
    folder: FilePath,
    shown: str,
    files: Mapping[str, Located],
    default: Edition,
    findings: Findings,
) -> Edition:
    layered: dict[str, Located] = {}
    for name, file in files.items():
        label = f"{shown}/{LOCALES}/{locale}/{name}"
        path = folder / LOCALES / locale / name
        above = read(path, label, findings) if path.is_file() else None
        check_overlay(name, file.layers[-1], above, label, findings)
        layered[name] = Located((above, *file.layers)) if above else file
    for path in sorted((folder / LOCALES / locale).rglob("*.yaml")):
        name = path.relative_to(folder / LOCALES / locale).as_posix()
        if name not in files:
            label = f"{shown}/{LOCALES}/{locale}/{name}"
            findings.error(Place(label, 1, 1), f"there is no {name} to translate. {did_you_mean(name, files)}")
    bank = _shaped(BankShape, layered[BANK], findings) or default.bank
    edition = _edition(locale, bank, layered, findings)
    check(edition, findings)
    return edition


def _unlisted(folder: FilePath, shown: str, bank: BankShape, findings: Findings) -> None:
    for path in sorted((folder / LOCALES).glob("*")) if (folder / LOCALES).is_dir() else []:
        if path.name not in bank.locales:
            place = Place(f"{shown}/{LOCALES}/{path.name}", 1, 1)
            findings.error(place, f"bank.yaml does not list this locale. {did_you_mean(path.name, bank.locales)}")


def _shown(folder: FilePath) -> str:
    try:
        return folder.absolute().relative_to(FilePath.cwd()).as_posix()
    except ValueError:
        return folder.as_posix()
