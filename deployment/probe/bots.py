"""Probes of the bots themselves: is what runs what was compiled?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from compiler.runtime import LEX_FALLBACK
from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, judged
from deployment.probe.found import LexAlias
from deployment.probe.paging import pages
from deployment.probe.site import Site

TEST_ALIAS: Final = "TSTALIASID"
"""Lex's own alias for trying the draft: two conversations at once (Lex V2 quotas)."""
LOOKED_AT: Final = 6
"""Intents whose utterances are compared: those with the most unusual signs."""
_ALIAS: Final = "lex:DescribeBotAlias"


def _aliases(site: Site) -> list[LexAlias]:
    """Every alias there is. Raises NotTried if there is none."""
    site.ear()
    deployed = site.deployed
    return [each for each in (deployed.live, deployed.guest, deployed.ear) if each is not None]


def _described(site: Site, alias: LexAlias) -> Mapping[str, Any]:
    found: Mapping[str, Any] = site.clients("lexv2-models").describe_bot_alias(botId=alias.bot, botAliasId=alias.id)
    return found


def _versions(site: Site) -> Outcome:
    came, holds = [], True
    for alias in _aliases(site):
        found = _described(site, alias)
        version = str(found.get("botVersion", ""))
        newest = version.isdigit() and version == (alias.version or version)
        holds = holds and newest and alias.id != TEST_ALIAS and found.get("botAliasStatus") == "Available"
        came.append(f"{found.get('botAliasName')} → {version} ({found.get('botAliasStatus')}; newest {alias.version})")
    return judged(holds, ", ".join(came))


def _built(site: Site) -> Outcome:
    client, came, holds = site.clients("lexv2-models"), [], True
    for alias in {each.bot: each for each in _aliases(site)}.values():
        version = str(_described(site, alias).get("botVersion", ""))
        for locale in site.script.model.locales:
            found = client.describe_bot_locale(botId=alias.bot, botVersion=version, localeId=locale)
            status = str(found.get("botLocaleStatus"))
            holds = holds and status == "Built"
            reasons = "; ".join(found.get("failureReasons") or ())
            came.append(f"{alias.bot} {locale} is {status}" + (f" ({reasons})" if reasons else ""))
    return judged(holds, ", ".join(came))


def _hooks(site: Site) -> Outcome:
    came, holds = [], True
    for alias in _aliases(site):
        settings = _described(site, alias).get("botAliasLocaleSettings") or {}
        arns = [_hook(settings.get(locale)) for locale in site.script.model.locales]
        wanted = alias != site.deployed.ear
        fits = all(arn.endswith(":live") for arn in arns) if wanted else not any(arns)
        holds = holds and fits
        came.append(f"{alias.name} of {alias.bot} calls {', '.join(arn.rpartition(':function:')[2] for arn in arns)}"
                    if any(arns) else f"{alias.name} of {alias.bot} calls nobody")  # fmt: skip
    return judged(holds, "; ".join(came))


def _hook(setting: Any) -> str:
    hook = ((setting or {}).get("codeHookSpecification") or {}).get("lambdaCodeHook") or {}
    return str(hook.get("lambdaARN", ""))


def _logs(site: Site) -> Outcome:
    wanted = site.environment.lex.conversation_logs
    came, holds = [], True
    for alias in _aliases(site):
        settings = _described(site, alias).get("conversationLogSettings") or {}
        kinds = [*(settings.get("textLogSettings") or ()), *(settings.get("audioLogSettings") or ())]
        on = any(each.get("enabled") for each in kinds)
        # The ear hears text channels, whose words are never to be logged by Lex unless somebody switched it on.
        holds = holds and (wanted or not on)
        came.append(f"{alias.name} of {alias.bot}: {'on' if on else 'off'}")
    return judged(holds, "; ".join(came))


def _utterances(site: Site) -> Outcome:
    alias = site.ear()
    client = site.clients("lexv2-models")
    version = str(_described(site, alias).get("botVersion", ""))
    place = {"botId": alias.bot, "botVersion": version, "localeId": site.script.locale}
    ids = {
        each["intentName"]: each["intentId"]
        for page in pages(client.list_intents, place, "nextToken")
        for each in page["intentSummaries"]
    }
    compiled = {name: frozenset(said) for name, said in site.script.utterances.items() if name != LEX_FALLBACK and said}
    if not compiled:
        raise NotTried("the compiled bot has no utterances")
    lost = sorted(compiled.keys() - ids.keys())
    if lost:
        return judged(False, f"the bot lacks {', '.join(lost)}: is another dialogue deployed?")
    chosen = sorted(compiled, key=lambda name: (-_unusual(compiled[name]), name))[:LOOKED_AT]
    changed = []
    for name in chosen:
        found = client.describe_intent(**place, intentId=ids[name])
        there = {sample["utterance"] for sample in found.get("sampleUtterances") or ()}
        if there != compiled[name]:
            example = min(compiled[name] ^ there)
            changed.append(f"{name} ({len(compiled[name] ^ there)} differ, such as {example!r})")
    came = f"{sum(len(compiled[name]) for name in chosen)} utterances of {len(chosen)} intents compared"
    return judged(not changed, f"{came}: {', '.join(changed)}" if changed else f"{came}, all as compiled")


def _unusual(utterances: frozenset[str]) -> int:
    """How many signs are neither letters nor spaces nor a slot's braces."""
    return sum(not (sign.isalpha() or sign in " {}") for text in utterances for sign in text)


def _probe(assumption: Assumption, check: Callable[[Site], Outcome], needs: tuple[str, ...], calls: int) -> Probe:
    return Probe(assumption, check, needs, Volume(calls=calls))


BOTS: Final = (
    _probe(
        Assumption(
            "alias-version",
            "each alias points to the newest numbered version of its bot, and none is Lex's test alias",
            "a number, the one that the stack made last, status Available",
            "CloudFormation, AWS::Lex::BotVersion: a changed bot makes no version by itself",
            "changes of the dialogue would not reach customers: the version's id in stacks/lex.py",
        ),
        _versions,
        (_ALIAS,),
        3,
    ),
    _probe(
        Assumption(
            "locale-built",
            "CloudFormation builds each locale before it takes the version",
            "every locale of both versions is Built",
            "CloudFormation, AutoBuildBotLocales",
            "nothing would be recognised: the build would have to be a step of its own after the deployment",
        ),
        _built,
        (_ALIAS, "lex:DescribeBotLocale"),
        4,
    ),
    _probe(
        Assumption(
            "hooks-by-alias",
            "live and guest call the alias of our function, and the ear calls nobody",
            "an ARN that ends in :live for each locale of the first two, none for the ear",
            "CloudFormation, AWS::Lex::BotAlias",
            "a deployment would not shift calls gradually, or the ear would hold turns of its own",
        ),
        _hooks,
        (_ALIAS,),
        3,
    ),
    _probe(
        Assumption(
            "conversation-logs",
            "Lex keeps no log of what customers say unless the setting switches it on",
            "no log on any alias while lex.conversation_logs is off",
            "CloudFormation, AWS::Lex::BotAlias",
            "unmasked words would be kept outside our table: switch them off at the alias",
        ),
        _logs,
        (_ALIAS,),
        3,
    ),
    _probe(
        Assumption(
            "utterances",
            "Lex takes apostrophes, hyphens, periods and digits in utterances as they are written",
            "the utterances of the bot's version equal those compiled",
            "from memory: the guide gives no full list of signs",
            "the compiler would have to refuse or spell out the signs that were lost (compiler/checks)",
        ),
        _utterances,
        (_ALIAS, "lex:ListIntents", "lex:DescribeIntent"),
        3 + LOOKED_AT,
    ),
)
"""In the order in which they run."""
