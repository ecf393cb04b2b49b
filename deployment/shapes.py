"""The shape of a settings file: which settings there are, what kind of value each takes, what it is for.

Defaults are those of `deployment.environment`, which is what these shapes become once they are checked. They
also give editors their JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from compiler.places import Path
from compiler.shapes import Scalar
from deployment import settings_values as values
from deployment.environment import (
    AlexaChannel,
    AlexaVendor,
    Codes,
    Environment,
    Kept,
    LexChannel,
    People,
    Running,
    Shifting,
    Teardown,
    Watched,
)
from deployment.phone_shapes import PhoneShape
from deployment.settings_shape import SettingsShape

_DEFAULT = Environment()
_FUNCTION_NAMES: dict[str, Any] = {"enum": list(values.FUNCTIONS)}

Account = Annotated[
    str,
    AfterValidator(values.account),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9]{12}$"}, {"type": "integer"}]}),
]
Region = Annotated[
    str, AfterValidator(values.region), WithJsonSchema({"type": "string", "pattern": f"^{values.REGION.pattern}$"})
]
LogsDays = Annotated[
    int, AfterValidator(values.logs_days), WithJsonSchema({"type": "integer", "enum": list(values.LOGS_DAYS)})
]
RotateDays = Annotated[
    int,
    AfterValidator(values.rotate_keys_days),
    WithJsonSchema(
        {
            "anyOf": [
                {"const": 0, "type": "integer"},
                {"type": "integer", "minimum": values.ROTATE_DAYS, "maximum": values.MOST_ROTATE_DAYS},
            ]
        }
    ),
]
TableName = Annotated[
    str,
    AfterValidator(values.restored_table),
    WithJsonSchema({"type": "string", "pattern": f"^({values.TABLE.pattern})?$"}),
]
StreamArn = Annotated[
    str,
    AfterValidator(values.restored_stream),
    WithJsonSchema({"type": "string", "pattern": f"^({values.STREAM.pattern})?$"}),
]
FunctionName = Annotated[str, AfterValidator(values.function), WithJsonSchema({"type": "string", **_FUNCTION_NAMES})]
SkillId = Annotated[
    str, AfterValidator(values.skill_id), WithJsonSchema({"type": "string", "pattern": f"^({values.SKILL.pattern})?$"})
]
VendorId = Annotated[str, AfterValidator(values.vendor_id)]
LoginSecret = Annotated[
    str,
    BeforeValidator(values.login_secret),
    WithJsonSchema({"type": "string", "pattern": f"^{values.SECRET_NAME.pattern}$"}),
]
SmsFrom = Annotated[
    str,
    AfterValidator(values.sms_from),
    WithJsonSchema({"type": "string", "pattern": f"^({values.ORIGINATION.pattern})?$"}),
]
SmsProtect = Annotated[
    str,
    AfterValidator(values.sms_protect),
    WithJsonSchema({"type": "string", "pattern": f"^({values.PROTECT.pattern})?$"}),
]
Country = Annotated[
    str,
    AfterValidator(values.country),
    WithJsonSchema({"type": "string", "pattern": f"^({values.COUNTRY.pattern})$"}),
]
EmailFrom = Annotated[str, AfterValidator(values.email_from), WithJsonSchema({"type": "string"})]
Url = Annotated[str, AfterValidator(values.callback_url), WithJsonSchema({"type": "string", "format": "uri"})]
Email = Annotated[str, AfterValidator(values.email), WithJsonSchema({"type": "string", "format": "email"})]
TagKey = Annotated[str, AfterValidator(values.tag_key)]
TagValue = Annotated[Scalar, AfterValidator(values.tag_value)]


class KeptShape(SettingsShape):
    """How long things are kept."""

    logs_days: LogsDays = Field(default=_DEFAULT.kept.logs_days, description="Days that logs are kept.")
    backup_days: int = Field(
        # `RecoveryPeriodInDays` in botocore's model of DynamoDB.
        default=_DEFAULT.kept.backup_days,
        ge=1,
        le=35,
        description="Days back to which customers' tables can be restored, to the second.",
    )
    on_teardown: Teardown = Field(
        default=_DEFAULT.kept.on_teardown, description="What `cdk destroy` does with customers' data and its key."
    )
    restored_table: TableName = Field(
        default=_DEFAULT.kept.restored_table,
        description="A table restored from a backup, to be used in place of the customers' table.",
    )
    restored_stream: StreamArn = Field(
        default=_DEFAULT.kept.restored_stream,
        description="The ARN of that table's stream, which transcripts, erasures and exports follow from.",
    )
    rotate_keys_days: RotateDays = Field(
        default=_DEFAULT.kept.rotate_keys_days,
        description="Days between rotations of the secret that addresses are hashed with; 0: when an operator says so.",
    )


class RunningShape(SettingsShape):
    """How the functions run."""

    memory_megabytes: int = Field(
        # "Lambda quotas" in the Lambda developer guide.
        default=_DEFAULT.running.memory_megabytes,
        ge=128,
        le=10240,
        description="Memory of each function; its share of a processor grows with it.",
    )
    reserved_concurrency: dict[FunctionName, Annotated[int, Field(ge=1)]] = Field(
        default_factory=dict, description="Function to its most instances at once, kept free for it.",
        json_schema_extra={"propertyNames": _FUNCTION_NAMES},
    )  # fmt: skip
    traffic_shifting: Shifting = Field(
        default=_DEFAULT.running.traffic_shifting, description="How calls move to a function's new version."
    )


class LexShape(SettingsShape):
    """Amazon Lex."""

    guests: bool = Field(
        default=_DEFAULT.lex.guests, description="An alias for other Lex clients, whose users are anonymous."
    )
    sentiment: bool = Field(
        default=_DEFAULT.lex.sentiment, description="Comprehend judges each utterance, for a price."
    )
    conversation_logs: bool = Field(
        default=_DEFAULT.lex.conversation_logs, description="Lex logs what customers said: encrypted, not masked by us."
    )


class VendorShape(SettingsShape):
    """With whose account the skill is deployed."""

    vendor_id: VendorId = Field(description="Of the Alexa developer account.")
    login_secret: LoginSecret = Field(
        description="Name of a secret in Secrets Manager: JSON with client_id, client_secret, refresh_token."
    )


class AlexaShape(SettingsShape):
    """The Alexa skill."""

    enabled: bool = Field(default=_DEFAULT.alexa.enabled, description="Whether there is a skill.")
    skill_id: SkillId = Field(
        default=_DEFAULT.alexa.skill_id, description="The only skill whose requests are answered."
    )
    vendor: VendorShape | None = Field(
        default=None, description="With it the skill is deployed, too, not only packaged."
    )


class CodesShape(SettingsShape):
    """What one-time codes are sent from."""

    sms_from: SmsFrom = Field(
        default=_DEFAULT.codes.sms_from, description="A phone number or pool of AWS End User Messaging, by its id."
    )
    sms_protect: SmsProtect = Field(
        default=_DEFAULT.codes.sms_protect,
        description="A protect configuration of AWS End User Messaging, by its id: rules by country of the carrier's.",
    )
    countries: list[Country] = Field(
        default=list(_DEFAULT.codes.countries),
        description='Where codes are texted to: US, CA or calling codes, as in "+44".',
    )
    email_from: EmailFrom = Field(
        default=_DEFAULT.codes.email_from, description="An address of a domain that is verified in Amazon SES."
    )


class PeopleShape(SettingsShape):
    """Who signs in."""

    enabled: bool = Field(default=_DEFAULT.people.enabled, description="User pools, the teams' roles and the desk.")
    callback_urls: list[Url] = Field(
        default=list(_DEFAULT.people.callback_urls),
        # `CallbackURLsListType` in botocore's model of Cognito.
        max_length=100,
        description="Where web and app take a customer back to after a sign-in.",
    )


class WatchedShape(SettingsShape):
    """Dashboard and alarms."""

    dashboard: bool = Field(default=_DEFAULT.watched.dashboard, description="A CloudWatch dashboard.")
    alarms: bool = Field(default=_DEFAULT.watched.alarms, description="CloudWatch alarms and their topic.")
    alarm_emails: list[Email] = Field(
        default=list(_DEFAULT.watched.alarm_emails), description="Who is written to; each must confirm once."
    )
    slow_turn_milliseconds: int = Field(
        default=_DEFAULT.watched.slow_turn_milliseconds,
        ge=1,
        lt=6000,
        description="An alarm, if the slowest hundredth of turns takes longer.",
    )
    failures: int = Field(
        default=_DEFAULT.watched.failures, ge=1, description="An alarm, if so many turns fail within five minutes."
    )


class EnvironmentShape(SettingsShape):
    """`environments/<name>.yaml`: one environment; its file's name is its name."""

    account: Account | None = Field(
        default=None, description="Twelve digits in quotes; left out: the credentials' account."
    )
    region: Region | None = Field(
        default=None, description="Such as us-east-1; left out: that of the credentials' profile."
    )
    reference_bank: bool = Field(default=_DEFAULT.reference_bank, description="The reference bank's fake back end.")
    kept: KeptShape = KeptShape()
    running: RunningShape = RunningShape()
    lex: LexShape = LexShape()
    alexa: AlexaShape = AlexaShape()
    codes: CodesShape = CodesShape()
    people: PeopleShape = PeopleShape()
    phone: PhoneShape = PhoneShape()
    watched: WatchedShape = WatchedShape()
    tags: dict[TagKey, TagValue] = Field(
        default={}, max_length=values.TAGS, description="On everything that can bear tags."
    )

    def environment(self, name: str, *, certificate: str = "") -> Environment:
        """The settings as everything else reads them; `certificate` is what the file of captures' one holds."""
        vendor = self.alexa.vendor
        return Environment(
            name=name,
            account=self.account,
            region=self.region,
            reference_bank=self.reference_bank,
            kept=Kept(**self.kept.model_dump()),
            running=Running(
                self.running.memory_megabytes, dict(self.running.reserved_concurrency), self.running.traffic_shifting
            ),
            lex=LexChannel(self.lex.guests, self.lex.sentiment, self.lex.conversation_logs),
            alexa=AlexaChannel(
                self.alexa.enabled,
                self.alexa.skill_id,
                AlexaVendor(vendor.vendor_id, vendor.login_secret) if vendor else None,
            ),
            codes=Codes(
                self.codes.sms_from, self.codes.sms_protect, tuple(self.codes.countries), self.codes.email_from
            ),
            people=People(self.people.enabled, tuple(self.people.callback_urls)),
            phone=self.phone.phone(certificate),
            watched=Watched(
                dashboard=self.watched.dashboard,
                alarms=self.watched.alarms,
                alarm_emails=tuple(self.watched.alarm_emails),
                slow_turn_milliseconds=self.watched.slow_turn_milliseconds,
                failures=self.watched.failures,
            ),
            tags=dict(self.tags),
        )


OPEN = (("running", "reserved_concurrency"), ("phone", "queues"), ("tags",))
"""Settings whose keys the platform engineer chooses."""
LISTS = (
    ("watched", "alarm_emails"),
    ("codes", "countries"),
    ("people", "callback_urls"),
    ("phone", "holidays"),
    ("phone", "users"),
)
"""Settings that are lists; on a command line their items stand between commas."""


@cache
def groups() -> Mapping[Path, tuple[str, ...]]:
    """The path of each group of settings to the keys in it, in their order; the whole file is at ()."""
    found: dict[Path, tuple[str, ...]] = {}
    _gather(EnvironmentShape, (), found)
    return found


@cache
def settings() -> tuple[Path, ...]:
    """The path of every setting and of every group but the whole."""
    return tuple((*path, key) for path, keys in groups().items() for key in keys)


def _gather(shape: type[SettingsShape], path: Path, found: dict[Path, tuple[str, ...]]) -> None:
    found[path] = tuple(shape.model_fields)
    for key, info in shape.model_fields.items():
        # Of a list the items have keys, too, but no path that a command line could name.
        one_of = get_args(info.annotation) if get_origin(info.annotation) in (Union, UnionType) else ()
        for kind in (info.annotation, *one_of):
            if isinstance(kind, type) and issubclass(kind, SettingsShape):
                _gather(kind, (*path, key), found)
