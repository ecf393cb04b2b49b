"""One environment's settings: where it runs, which channels it has, how it is kept and watched.

Frozen and complete: whoever reads one never asks whether a setting is there. `deployment.load` makes it from
`environments/<name>.yaml` and the context of `cdk deploy`, and says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from deployment.phone import Phone


class Shifting(StrEnum):
    """How calls move to a new version of a function; CloudWatch alarms during it bring the old one back."""

    ALL_AT_ONCE = "all_at_once"
    CANARY = "canary"
    """A tenth for five minutes, then all."""
    LINEAR = "linear"
    """A tenth more each minute."""


class Teardown(StrEnum):
    """What `cdk destroy` does with customers' data and its key."""

    RETAIN = "retain"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long things are kept."""

    logs_days: int = 90
    """The functions' logs; a number of days that CloudWatch Logs offers."""
    backup_days: int = 35
    """Point-in-time recovery of customers' tables, 1 to 35 days."""
    on_teardown: Teardown = Teardown.RETAIN
    restored_table: str = ""
    """Name of a table restored from a backup, which takes the place of the customers' table; empty: none does."""
    restored_stream: str = ""
    """ARN of that table's stream, which is followed instead of the customers' table's; empty where there is none."""
    rotate_keys_days: int = 0
    """Days between two rotations of the secret that addresses are hashed with; 0: only when an operator calls for it,
    since what lies under a root that was dropped can't be found any more."""


@dataclass(frozen=True, slots=True)
class Running:
    """How the functions run."""

    memory_megabytes: int = 1024
    reserved_concurrency: Mapping[str, int] = field(default_factory=dict)
    """Function (lex_turn, alexa_turn) to the most instances at once, which are also kept free for it."""
    traffic_shifting: Shifting = Shifting.ALL_AT_ONCE


@dataclass(frozen=True, slots=True)
class LexChannel:
    """Amazon Lex; without it nothing recognises text, so it is always there."""

    guests: bool = True
    """An alias for Lex clients other than our own and Connect; everybody there is anonymous."""
    sentiment: bool = True
    """Amazon Comprehend judges each utterance, for a price."""
    conversation_logs: bool = False
    """Lex's own logs of what customers said, unmasked by us: encrypted, kept as long as the other logs."""


@dataclass(frozen=True, slots=True)
class AlexaVendor:
    """With it, the skill itself is deployed; without it, its package is written for the developer console."""

    vendor_id: str
    """Of the developer account."""
    login_secret: str
    """Name of a Secrets Manager secret: JSON with client_id, client_secret and refresh_token of Login with Amazon."""


@dataclass(frozen=True, slots=True)
class AlexaChannel:
    """The Alexa skill."""

    enabled: bool = True
    skill_id: str = ""
    """Whose requests are answered; known once the skill exists, so it is given in a second step."""
    vendor: AlexaVendor | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """What one-time codes are sent from; without either, nobody can prove an address here."""

    sms_from: str = ""
    """Id of a phone number or a pool of AWS End User Messaging, as in phone-… or pool-…; empty: no code by text."""
    sms_protect: str = ""
    """Id of a protect configuration of AWS End User Messaging, as in protect-…; empty: the account's own, if any."""
    countries: tuple[str, ...] = ("US", "CA")
    """Where codes are texted to: US, CA or calling codes such as +44; elsewhere none is sent."""
    email_from: str = ""
    """An address whose domain is an identity verified in Amazon SES; empty: no code by e-mail."""


@dataclass(frozen=True, slots=True)
class People:
    """Who signs in: customers, and those who work here."""

    enabled: bool = True
    """Both user pools, the teams' roles and the desk."""
    callback_urls: tuple[str, ...] = ()
    """Where web and app take a customer back to after a sign-in; empty: nobody can sign in there."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What looks after it while nobody looks."""

    dashboard: bool = True
    alarms: bool = True
    alarm_emails: tuple[str, ...] = ()
    """Who is written to; each must confirm once."""
    slow_turn_milliseconds: int = 3000
    """The alarm's bound for the slowest hundredth of turns; Lex and Alexa give up between 6 and 8 s."""
    failures: int = 5
    """The alarm's bound for turns with a failure behind a polite reply, in five minutes."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that may differ between two deployments of one dialogue."""

    name: str = "dev"
    """Lower-case letters and digits, at most 12: it is part of every name, so that environments can share an account.
    No hyphen, which ends it in each of these names."""
    account: str | None = None
    """Twelve digits; None is whichever account the credentials belong to."""
    region: str | None = None
    """None is whichever region the credentials' profile names."""
    reference_bank: bool = True
    """The fake back end of the reference bank; another business switches it off and brings its own actions."""
    kept: Kept = field(default_factory=Kept)
    running: Running = field(default_factory=Running)
    lex: LexChannel = field(default_factory=LexChannel)
    alexa: AlexaChannel = field(default_factory=AlexaChannel)
    codes: Codes = field(default_factory=Codes)
    people: People = field(default_factory=People)
    phone: Phone = field(default_factory=Phone)
    watched: Watched = field(default_factory=Watched)
    tags: Mapping[str, str] = field(default_factory=dict)
    """On everything that can bear tags."""

    @property
    def prefix(self) -> str:
        """What every name begins with."""
        return f"throughline-{self.name}"

    def absent(self) -> tuple[tuple[str, str], ...]:
        """What customers or staff can't use in this environment, each with the setting that says so."""
        lacks = (
            (not self.lex.guests, "other Lex clients", "lex.guests is false"),
            (not self.alexa.enabled, "Alexa", "alexa.enabled is false"),
            (
                self.alexa.enabled and not self.alexa.skill_id,
                "Alexa, for now",
                "alexa.skill_id is not set yet: the endpoint answers nobody",
            ),
            (not self.codes.sms_from, "codes by text message", "codes.sms_from is not set"),
            (
                bool(self.codes.sms_from) and not self.codes.countries,
                "codes by text message",
                "codes.countries is empty",
            ),
            (not self.codes.email_from, "codes by e-mail", "codes.email_from is not set"),
            (not self.people.enabled, "sign-in and the desk", "people.enabled is false"),
            (
                self.people.enabled and not self.people.callback_urls,
                "sign-in on web and app",
                "people.callback_urls is empty",
            ),
            (
                self.people.enabled and self.alexa.enabled and self.alexa.vendor is None,
                "account linking on Alexa",
                "alexa.vendor is not set: where Alexa takes its users back to is not known",
            ),
            (not self.phone.enabled, "the telephone and its chat", "phone.enabled is false"),
            (self.phone.enabled and self.phone.number is None, "a telephone number", "phone.number is not set"),
            (
                self.phone.enabled and not self.phone.capture_certificate,
                "card numbers and PINs by keys",
                "phone.capture_certificate is not set",
            ),
            (
                self.phone.enabled and bool(self.phone.instance_arn),
                "recordings and transcripts under our own key",
                "phone.instance_arn names an instance that keeps them where it did before",
            ),
        )
        return tuple((channel, why) for lacking, channel, why in lacks if lacking)
