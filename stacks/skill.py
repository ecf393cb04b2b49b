"""How Alexa takes part: the skill's endpoint, and the package that the skill is made of."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CfnOutput, Stack
from aws_cdk.aws_lambda import CfnPermission
from constructs import Construct

from compiler import Source, alexa_manifest, alexa_model
from compiler.canonical import dumps
from compiler.voices import alexa_locale
from settings import AlexaTurnSettings
from stacks.customers import Customers
from stacks.function import Function


class Skill(Stack):
    """The function that answers the skill's requests.

    Skill and function name each other, so a deployment takes two steps: the first gives the endpoint,
    which nobody may call yet; the second, with the skill's id in the setting `alexa_skill_id`, opens it to
    that skill and no other.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        customers: Customers,
        skill_id: str,
    ) -> None:
        """Make it, for the skill `skill_id` or, while that is empty, for none."""
        super().__init__(scope, id, stack_name=f"throughline-{id.lower()}")
        self.alexa_turn = Function(
            self,
            "AlexaTurn",
            module="alexa_turn",
            does="Takes a turn that Alexa heard",
            settings=AlexaTurnSettings(
                table=customers.table.table_name,
                keys=customers.keys.secret_arn,
                ledger=customers.ledger_name,
                skill_id=skill_id,
            ),
            logs_key=customers.key,
            timeout_seconds=8,
        )
        customers.serve_turns(self.alexa_turn)
        if skill_id:
            CfnPermission(
                self,
                "SkillCalls",
                action="lambda:InvokeFunction",
                function_name=self.alexa_turn.live.function_arn,
                principal="alexa-appkit.amazon.com",
                event_source_token=skill_id,
            )
        CfnOutput(self, "SkillEndpoint", value=self.alexa_turn.live.function_arn)


def write_package(folder: Path, source: Source) -> None:
    """Write the skill package that Alexa's tools take: the manifest and one interaction model a locale.

    The function's ARN is known only once it is deployed: put the stack's output `SkillEndpoint` in the
    manifest where it says so.
    """
    models = folder / "interactionModels" / "custom"
    models.mkdir(parents=True, exist_ok=True)
    (folder / "skill.json").write_text(dumps(alexa_manifest(source, endpoint="${SkillEndpoint}")), "utf-8")
    for locale in source.editions:
        if alexa := alexa_locale(locale):
            (models / f"{alexa}.json").write_text(dumps(alexa_model(source, locale)), "utf-8")
