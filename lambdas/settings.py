"""What each Lambda function is told by its environment: one frozen dataclass a function.

The stacks fill it (`to_environment`) and the handler reads it (`from_environment`), so that a variable
which one of them needs and the other forgot is a type error while building, never a failure in production.
A field `skill_id` is the variable `SKILL_ID`. Every value is a string and none of them is a secret:
a secret is named here and fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Self


class SettingsMissing(LookupError):
    """A variable that the function cannot do without is not set: deploy it through the stacks."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A function's environment."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the fields from variables, e.g. `os.environ`; others are ignored.

        Raises SettingsMissing, naming every variable that has no default and is absent.
        """
        names = {field.name: field.name.upper() for field in fields(cls)}
        needed = {field.name for field in fields(cls) if field.default is MISSING}
        absent = sorted(names[name] for name in needed if names[name] not in environment)
        if absent:
            raise SettingsMissing(f"{cls.__name__} needs {', '.join(absent)} in the environment")
        return cls(**{name: environment[variable] for name, variable in names.items() if variable in environment})

    def to_environment(self) -> dict[str, str]:
        """The variables that `from_environment` reads back to an equal value."""
        return {field.name.upper(): getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class TurnSettings(Settings):
    """What any function needs that takes a customer's turn."""

    table: str
    """Name of the customers' table."""
    keys: str
    """ARN of the secret that addresses are hashed and pointers signed with."""
    ledger: str = ""
    """Name of the reference bank's ledger table; empty where another business runs."""
    service: str = "throughline"
    """What logs and metrics are kept under: the environment's prefix, since environments may share an account."""
    exports: str = ""
    """Name of the bucket that exports of customers' data are fetched from; empty: none is offered."""
    login_issuer: str = ""
    """The customers' user pool as its tokens name it: https, host and pool id; empty: nobody signs in."""
    login_client: str = ""
    """Id of the one app client whose tokens are taken on this channel."""
    sms_from: str = ""
    """Id of the phone number or pool that codes are texted from; empty: none is."""
    sms_protect: str = ""
    """Id of the carrier's protect configuration that texts are sent under; empty: the account's own, if it has one."""
    countries: str = "US,CA"
    """Where codes are texted to, between commas: US, CA or calling codes such as +44; empty: nowhere."""
    email_from: str = ""
    """The address that codes are mailed from; empty: none is."""


@dataclass(frozen=True, slots=True)
class LexTurnSettings(TurnSettings):
    """The code hook of the Lex aliases `live` and `guest`."""


@dataclass(frozen=True, slots=True)
class AlexaTurnSettings(TurnSettings):
    """The Alexa skill's endpoint."""

    skill_id: str = ""
    """The one application id whose requests are answered; empty: none is."""


@dataclass(frozen=True, slots=True)
class RotateKeysSettings(Settings):
    """The rotation of the secret that addresses are hashed with."""

    keys: str
    """ARN of the one secret that is rotated."""


@dataclass(frozen=True, slots=True)
class RecordsSettings(Settings):
    """What follows the customers' table's stream."""

    table: str
    """Name of the customers' table."""
    erasures: str
    """Name of the tombstones' table."""
    audit: str
    """Name of the audit's table."""
    exports: str
    """Name of the bucket that exports lie in."""
    user_pool: str = ""
    """Id of the pool whose accounts customers sign in with; empty: nobody signs in."""
    service: str = "throughline"
    """As in `TurnSettings`."""
    turn_days: str = "400"
    """Days that a customer's turns are kept."""
    guest_turn_days: str = "30"
    """Days that a guest's turns are kept."""
    fact_days: str = "400"
    """Days that the history of facts is kept."""
    consent_days: str = "2557"
    """Days that the history of consents is kept."""


@dataclass(frozen=True, slots=True)
class DeskSettings(Settings):
    """The desk of the staff."""

    table: str
    """Name of the customers' table."""
    audit: str
    """Name of the audit's table."""
    exports: str
    """Name of the bucket that exports lie in."""
    keys: str
    """ARN of the secret that addresses are hashed with."""
    records: str
    """Name of the function that follows the stream: it replays tombstones."""
    account: str
    """The account whose roles are believed: 12 digits."""
    service: str = "throughline"
    """As in `TurnSettings`; the teams' roles are named `<service>-<team>`."""


@dataclass(frozen=True, slots=True)
class ContactDataSettings(Settings):
    """Who is calling: asked by the flow before anything is said."""

    table: str
    """Name of the customers' table."""
    keys: str
    """ARN of the secret that addresses are hashed and pointers signed with."""
    service: str = "throughline"
    """As in `TurnSettings`."""


@dataclass(frozen=True, slots=True)
class SecretTurnSettings(TurnSettings):
    """A turn whose words are digits that were encrypted as they were keyed in."""

    capture_key: str = ""
    """ARN of the secret with the private key, in PEM."""


@dataclass(frozen=True, slots=True)
class AgentScreenSettings(Settings):
    """What an agent sees of a customer as the contact comes."""

    table: str
    """Name of the customers' table."""
    audit: str
    """Name of the audit's table."""
    keys: str
    """ARN of the secret that pointers are signed with."""
    service: str = "throughline"
    """As in `TurnSettings`."""


@dataclass(frozen=True, slots=True)
class DispositionSettings(Settings):
    """What an agent writes down when a contact has ended."""

    table: str
    """Name of the customers' table."""
    keys: str
    """ARN of the secret that pointers are signed with."""
    service: str = "throughline"
    """As in `TurnSettings`."""


@dataclass(frozen=True, slots=True)
class CallbackSettings(Settings):
    """A customer's wish to be called back."""

    table: str
    """Name of the customers' table."""
    keys: str
    """ARN of the secret that pointers are signed with."""
    service: str = "throughline"
    """As in `TurnSettings`."""


@dataclass(frozen=True, slots=True)
class RelaySettings(Settings):
    """What joins text channels and agents."""

    table: str
    """Name of the customers' table."""
    keys: str
    """ARN of the secret that pointers are signed with."""
    tokens_key: str
    """ARN of the key that participants' tokens are encrypted with."""
    instance: str
    """ARN of the one instance whose chats are believed."""
    flow: str
    """ARN of the flow that a chat begins with."""
    topic: str
    """ARN of the one topic that chats are streamed to."""
    sms_from: str = ""
    """As in `TurnSettings`; empty: text messages aren't relayed."""
    sms_protect: str = ""
    """As in `TurnSettings`."""
    service: str = "throughline"
    """As in `TurnSettings`."""


@dataclass(frozen=True, slots=True)
class AttachNumberSettings(Settings):
    """The custom resource that attaches the telephone number to its flow."""

    instance: str
    """ARN of the one instance whose flows are attached."""
