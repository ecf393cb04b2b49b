"""Reads Lex bots out of synthesised CloudFormation templates.

Intrinsic functions are resolved to logical ids, as far as bots use them: Ref and Fn::GetAtt to bots,
versions, functions, function versions and function aliases, Fn::ImportValue across the given templates,
Fn::Sub and Fn::Join of such. Anything else in a place that matters is refused with the resource's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rehearsal.lex import intents
from rehearsal.lex.definition import (
    TEST_ALIAS_ID,
    TEST_ALIAS_NAME,
    Alias,
    Bot,
    BotDefinitionError,
    Locale,
    stable_id,
)

Resource = Mapping[str, Any]


def read_bots(*templates: Mapping[str, Any]) -> tuple[Bot, ...]:
    """The bots of the templates, in their order, with the aliases that belong to them.

    Raises BotDefinitionError where a bot or alias cannot be rehearsed.
    """
    stack = _Resources.of(templates)
    aliases = list(stack.of_type("AWS::Lex::BotAlias"))
    return tuple(
        _bot(logical_id, resource["Properties"], aliases, stack)
        for logical_id, resource in stack.of_type("AWS::Lex::Bot")
    )


@dataclass(frozen=True, slots=True)
class _Resources:
    by_id: Mapping[str, Resource]
    exports: Mapping[str, Any]

    @classmethod
    def of(cls, templates: Sequence[Mapping[str, Any]]) -> _Resources:
        by_id: dict[str, Resource] = {}
        exports: dict[str, Any] = {}
        for template in templates:
            by_id.update(template.get("Resources") or {})
            for output in (template.get("Outputs") or {}).values():
                name = (output.get("Export") or {}).get("Name")
                if isinstance(name, str):
                    exports[name] = output.get("Value")
        return cls(by_id, exports)

    def of_type(self, kind: str) -> Iterator[tuple[str, Resource]]:
        for logical_id, resource in self.by_id.items():
            if resource.get("Type") == kind:
                yield logical_id, resource

    def logical_id(self, value: Any) -> str | None:
        """The resource that an intrinsic function points at; None for a literal or anything unknown."""
        if not isinstance(value, dict) or len(value) != 1:
            return None
        (function, argument), *_ = value.items()
        match function:
            case "Ref":
                found = argument
            case "Fn::GetAtt":
                found = argument.split(".")[0] if isinstance(argument, str) else argument[0]
            case "Fn::ImportValue":
                return self.logical_id(self.exports.get(argument)) if isinstance(argument, str) else None
            case "Fn::Sub":
                text = argument if isinstance(argument, str) else argument[0]
                names = re.findall(r"\$\{(\w+)(?:\.\w+)?\}", text)
                found = next((name for name in names if name in self.by_id), None)
            case "Fn::Join":
                return next((found for part in argument[1] if (found := self.logical_id(part))), None)
            case _:
                return None
        return found if isinstance(found, str) and found in self.by_id else None

    def function(self, value: Any) -> str | None:
        """The function behind an ARN, through aliases and versions: its logical id, or a literal as it is."""
        if isinstance(value, str):
            return value
        found = self.logical_id(value)
        while found and self.by_id[found]["Type"] in {"AWS::Lambda::Alias", "AWS::Lambda::Version"}:
            following = self.by_id[found]["Properties"].get("FunctionName")
            if isinstance(following, str):
                return following
            found = self.logical_id(following)
        return found


def _bot(
    logical_id: str,
    properties: Mapping[str, Any],
    aliases: Sequence[tuple[str, Resource]],
    stack: _Resources,
) -> Bot:
    name = properties["Name"]
    bot_id = stable_id(name)
    locales = {each["LocaleId"]: _locale(each, f"{logical_id} ({name})") for each in properties.get("BotLocales") or ()}
    versions = [
        version
        for version, resource in stack.of_type("AWS::Lex::BotVersion")
        if _is_of_bot(resource["Properties"]["BotId"], logical_id, stack)
    ]
    found = [
        _alias(alias_id, resource["Properties"], name, locales, versions, stack)
        for alias_id, resource in aliases
        if _is_of_bot(resource["Properties"]["BotId"], logical_id, stack)
    ]
    found.append(_test_alias(properties.get("TestBotAliasSettings") or {}, locales, stack))
    return Bot(
        id=bot_id,
        name=name,
        logical_id=logical_id,
        session_seconds=int(properties.get("IdleSessionTTLInSeconds", 300)),
        locales=locales,
        aliases={alias.id: alias for alias in found},
    )


def _is_of_bot(value: Any, logical_id: str, stack: _Resources) -> bool:
    return stack.logical_id(value) == logical_id


def _alias(
    logical_id: str,
    properties: Mapping[str, Any],
    bot_name: str,
    locales: Mapping[str, Locale],
    versions: Sequence[str],
    stack: _Resources,
) -> Alias:
    name = properties["BotAliasName"]
    return _with_locales(
        stable_id(bot_name, name),
        name,
        _version(properties.get("BotVersion"), versions, stack),
        properties,
        locales,
        stack,
        logical_id,
    )


def _test_alias(settings: Mapping[str, Any], locales: Mapping[str, Locale], stack: _Resources) -> Alias:
    return _with_locales(TEST_ALIAS_ID, TEST_ALIAS_NAME, "DRAFT", settings, locales, stack, "TestBotAliasSettings")


def _with_locales(
    alias_id: str,
    name: str,
    version: str,
    properties: Mapping[str, Any],
    locales: Mapping[str, Locale],
    stack: _Resources,
    place: str,
) -> Alias:
    settings = {
        each["LocaleId"]: each.get("BotAliasLocaleSetting") or {}
        for each in properties.get("BotAliasLocaleSettings") or ()
    }
    unknown = sorted(settings.keys() - locales.keys())
    if unknown:
        raise BotDefinitionError(f"{place} enables {', '.join(unknown)}, which its bot does not speak")
    hooks = {}
    for locale_id, setting in settings.items():
        code_hook = (setting.get("CodeHookSpecification") or {}).get("LambdaCodeHook")
        if code_hook is None:
            continue
        function = stack.function(code_hook.get("LambdaArn"))
        if function is None:
            raise BotDefinitionError(
                f"{place}: LambdaArn of {locale_id} leads to no function of the given templates; "
                "point it at a function with Fn::GetAtt or Ref, or give its template too"
            )
        hooks[locale_id] = function
    enabled = {locale for locale, setting in settings.items() if setting.get("Enabled", True)}
    return Alias(
        id=alias_id,
        name=name,
        version=version,
        hooks=hooks,
        locales=frozenset(enabled if settings else locales),
        sentiment=bool((properties.get("SentimentAnalysisSettings") or {}).get("DetectSentiment")),
    )


def _version(value: Any, versions: Sequence[str], stack: _Resources) -> str:
    if isinstance(value, str):
        return value
    found = stack.logical_id(value)
    return str(versions.index(found) + 1) if found in versions else "DRAFT"


def _locale(data: Mapping[str, Any], place: str) -> Locale:
    locale_id = data["LocaleId"]
    found = intents.read_intents(data.get("Intents") or ())
    fallbacks = [intent.name for intent in found.values() if intent.is_fallback]
    if len(fallbacks) != 1:
        raise BotDefinitionError(
            f"{place}, {locale_id}: declare exactly one intent with ParentIntentSignature "
            f"AMAZON.FallbackIntent (found {', '.join(fallbacks) or 'none'})"
        )
    return Locale(
        id=locale_id,
        threshold=float(data.get("NluConfidenceThreshold", 0.4)),
        intents=found,
        slot_types=intents.read_slot_types(data.get("SlotTypes") or ()),
    )
