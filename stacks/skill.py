"""How Alexa takes part: the skill's endpoint, and the package that the skill is made of."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CfnOutput, SecretValue
from aws_cdk.alexa_ask import CfnSkill
from aws_cdk.aws_iam import PolicyStatement, Role, ServicePrincipal
from aws_cdk.aws_lambda import CfnPermission
from aws_cdk.aws_s3_assets import Asset
from constructs import Construct

from compiler import Source, alexa_manifest, alexa_model
from compiler.canonical import dumps
from compiler.voices import alexa_locale
from deployment import Environment
from deployment.environment import AlexaVendor
from settings import AlexaTurnSettings
from stacks.function import Function
from stacks.part import Part
from stacks.turns import Behind


class Skill(Part):
    """The function that answers the skill's requests and, for a known vendor, the skill itself.

    Skill and function name each other, so a deployment takes two steps: the first gives the endpoint, which
    nobody may call yet, and makes the skill, which calls nobody yet; the second, with the skill's id in the
    setting `alexa.skill_id`, opens the endpoint to that skill and no other, and points the skill to it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        environment: Environment,
        behind: Behind,
        package: Path,
    ) -> None:
        """Make it; `package` is the folder that `write_package` has written."""
        super().__init__(scope, id, environment=environment)
        skill_id = environment.alexa.skill_id
        self.alexa_turn = Function(
            self,
            "AlexaTurn",
            environment=environment,
            module="alexa_turn",
            does="Takes a turn that Alexa heard",
            settings=AlexaTurnSettings(
                **behind.variables(codes=False),
                login_client=behind.people.linking.ref if behind.people is not None else "",
                skill_id=skill_id,
            ),
            key=behind.trails.key,
            timeout_seconds=8,
        )
        self.offer(*self.alexa_turn.watched)
        # A code that is said aloud is no secret: a speaker is never asked for one (throughline.channels.capabilities).
        behind.serve(self.alexa_turn, codes=False)
        permission = self._open_to(skill_id) if skill_id else None
        if environment.alexa.vendor is not None:
            skill = self._skill(environment.alexa.vendor, package, opened=permission is not None)
            if permission is not None:
                # Alexa tries the endpoint before it takes it.
                skill.add_resource_dependency(permission)
            CfnOutput(self, "SkillId", value=skill.ref)
        CfnOutput(self, "SkillEndpoint", value=self.alexa_turn.live.function_arn)

    def _open_to(self, skill_id: str) -> CfnPermission:
        return CfnPermission(
            self,
            "SkillCalls",
            action="lambda:InvokeFunction",
            function_name=self.alexa_turn.live.function_arn,
            principal="alexa-appkit.amazon.com",
            event_source_token=skill_id,
        )

    def _skill(self, vendor: AlexaVendor, package: Path, *, opened: bool) -> CfnSkill:
        asset = Asset(self, "Package", path=str(package))
        reader = Role(self, "PackageReader", assumed_by=ServicePrincipal("alexa-appkit.amazon.com"))
        this = asset.bucket.arn_for_objects(asset.s3_object_key)
        reader.add_to_policy(PolicyStatement(actions=["s3:GetObject"], resources=[this]))
        endpoint = {"apis": {"custom": {"endpoint": {"uri": self.alexa_turn.live.function_arn}}}}
        skill = CfnSkill(
            self,
            "Skill",
            vendor_id=vendor.vendor_id,
            authentication_configuration=CfnSkill.AuthenticationConfigurationProperty(
                client_id=_secret(vendor, "client_id"),
                client_secret=_secret(vendor, "client_secret"),
                refresh_token=_secret(vendor, "refresh_token"),
            ),
            skill_package=CfnSkill.SkillPackageProperty(
                s3_bucket=asset.s3_bucket_name,
                s3_key=asset.s3_object_key,
                s3_bucket_role=reader.role_arn,
                overrides=CfnSkill.OverridesProperty(manifest=endpoint) if opened else None,
            ),
        )
        skill.node.add_dependency(reader)
        return skill


def _secret(vendor: AlexaVendor, field: str) -> str:
    """CloudFormation's reference to a field of the vendor's secret: the template holds the name, never the value."""
    return str(SecretValue.secrets_manager(vendor.login_secret, json_field=field).unsafe_unwrap())


def write_package(folder: Path, source: Source) -> Path:
    """Write the skill package that Alexa's tools take: the manifest and one interaction model a locale; its folder.

    It names no endpoint: Alexa tries one before it takes it, and it answers only once it knows the skill's id.
    """
    models = folder / "interactionModels" / "custom"
    models.mkdir(parents=True, exist_ok=True)
    manifest = alexa_manifest(source, endpoint=None)
    (folder / "skill.json").write_text(dumps(manifest), "utf-8")
    for locale in source.editions:
        if alexa := alexa_locale(locale):
            (models / f"{alexa}.json").write_text(dumps(alexa_model(source, locale)), "utf-8")
    return folder
