"""The shape of the telephone's settings; see `deployment.shapes`, of which it is part."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from deployment import phone_values as values
from deployment import settings_values
from deployment.phone import ClaimedNumber, NumberType, OpenHours, Phone, PhoneUser
from deployment.settings_shape import SettingsShape

_DEFAULT = Phone()

InstanceArn = Annotated[
    str,
    AfterValidator(values.instance_arn),
    WithJsonSchema({"type": "string", "pattern": f"^({values.INSTANCE.pattern})?$"}),
]
Alias = Annotated[
    str,
    AfterValidator(values.instance_alias),
    WithJsonSchema({"type": "string", "maxLength": values.ALIAS_LENGTH, "pattern": f"^({values.ALIAS.pattern})?$"}),
]
Country = Annotated[
    str, AfterValidator(values.country), WithJsonSchema({"type": "string", "pattern": f"^{values.COUNTRY.pattern}$"})
]
TimeZone = Annotated[str, AfterValidator(values.time_zone)]
Hours = Annotated[
    str, AfterValidator(values.hours), WithJsonSchema({"type": "string", "pattern": f"^{values.HOURS.pattern}$"})
]
Holiday = Annotated[str, BeforeValidator(values.holiday), WithJsonSchema({"type": "string", "format": "date"})]
Person = Annotated[str, AfterValidator(values.person)]
TeamName = Annotated[str, AfterValidator(values.team), WithJsonSchema({"type": "string", "enum": list(values.TEAMS)})]
UserEmail = Annotated[
    str,
    AfterValidator(settings_values.email),
    AfterValidator(values.user_email),
    WithJsonSchema({"type": "string", "format": "email"}),
]
CertificateFile = Annotated[str, AfterValidator(values.certificate_file)]
QueueName = Annotated[str, AfterValidator(values.queue)]
Places = Annotated[int, Field(ge=1, le=10_000)]
"""How many fit into a queue. Amazon Connect knows no most; ours is what nobody would wait in."""


class NumberShape(SettingsShape):
    """The number that is claimed."""

    country: Country = Field(description="Two capital letters, such as US.")
    type: NumberType = Field(default=NumberType.DID, description="A number with an area, or a free one.")


class OpenHoursShape(SettingsShape):
    """When people answer."""

    time_zone: TimeZone = Field(description="IANA name, such as America/New_York.")
    weekdays: Hours = Field(description="From and until, as in 08:00-20:00.")
    saturday: Hours | None = Field(default=None, description="Leave out when closed.")
    sunday: Hours | None = Field(default=None, description="Leave out when closed.")


class UserShape(SettingsShape):
    """A user of the instance."""

    name: Person = Field(description="Given name, a space, family name.")
    team: TeamName = Field(description="Which decides what they may do.")
    email: UserEmail = Field(description="Also what they sign in with.")


class PhoneShape(SettingsShape):
    """The telephone and its chat: Amazon Connect."""

    enabled: bool = Field(default=_DEFAULT.enabled, description="Whether there is a telephone.")
    instance_arn: InstanceArn = Field(
        default=_DEFAULT.instance_arn, description="An instance that is there already; empty: one is made."
    )
    instance_alias: Alias = Field(
        default=_DEFAULT.instance_alias, description="What a new instance is called, unlike any other on earth."
    )
    number: NumberShape | None = Field(default=None, description="With it a number is claimed and attached.")
    hours: OpenHoursShape | None = Field(
        default=None, description="When people answer; left out: as bank.yaml tells customers."
    )
    holidays: list[Holiday] = Field(
        default=list(_DEFAULT.holidays), max_length=values.HOLIDAYS, description="Days on which nobody answers."
    )
    queue_capacity: Places = Field(
        default=_DEFAULT.queue_capacity, description="How many customers a queue takes before it is full."
    )
    queues: dict[QueueName, Places] = Field(
        default={}, max_length=50, description="Queue of telephone.yaml to its own number of customers."
    )
    users: list[UserShape] = Field(default=[], max_length=100, description="Who is made a user of the instance.")
    recordings_days: int = Field(
        default=_DEFAULT.recordings_days,
        ge=1,
        le=3653,
        description="Days that recordings, transcripts, reports and evaluations are kept.",
    )
    capture_certificate: CertificateFile = Field(
        default=_DEFAULT.capture_certificate,
        description="File of the certificate that card numbers and PINs are encrypted with as they are keyed in.",
    )

    def phone(self, certificate: str) -> Phone:
        """The settings as everything else reads them, with the certificate that the file holds."""
        number, hours = self.number, self.hours
        return Phone(
            enabled=self.enabled,
            instance_arn=self.instance_arn,
            instance_alias=self.instance_alias,
            number=ClaimedNumber(number.country, number.type) if number else None,
            hours=OpenHours(hours.time_zone, hours.weekdays, hours.saturday, hours.sunday) if hours else None,
            holidays=tuple(self.holidays),
            queue_capacity=self.queue_capacity,
            queues=dict(self.queues),
            users=tuple(PhoneUser(it.name, it.team, it.email) for it in self.users),
            recordings_days=self.recordings_days,
            capture_certificate=certificate,
        )
