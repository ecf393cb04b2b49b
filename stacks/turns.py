"""What every function needs that takes a customer's turn, whichever channel it is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from aws_cdk import Aws
from aws_cdk.aws_iam import PolicyStatement

from deployment import Environment
from stacks.bank import Bank
from stacks.customers import Customers
from stacks.function import Function
from stacks.people import People
from stacks.trails import Trails


class TurnVariables(TypedDict):
    """The fields of `settings.TurnSettings`, but for the client that a channel's customers sign in with."""

    table: str
    keys: str
    ledger: str
    service: str
    exports: str
    login_issuer: str
    sms_from: str
    sms_protect: str
    countries: str
    email_from: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The stacks behind a channel's."""

    environment: Environment
    trails: Trails
    customers: Customers
    people: People | None
    """None where nobody signs in."""
    bank: Bank | None
    """None where another business runs."""

    def variables(self, *, codes: bool) -> TurnVariables:
        """What the function is told; of what codes are sent from only with `codes`, as in `serve`."""
        return TurnVariables(
            table=self.customers.serving.table_name,
            keys=self.customers.keys.secret_arn,
            ledger=self.bank.ledger.table_name if self.bank is not None else "",
            service=self.environment.prefix,
            exports=self.customers.exports.bucket_name,
            login_issuer=self.people.issuer if self.people is not None else "",
            sms_from=self.environment.codes.sms_from if codes else "",
            sms_protect=self.environment.codes.sms_protect if codes else "",
            countries=",".join(self.environment.codes.countries) if codes else "",
            email_from=self.environment.codes.email_from if codes else "",
        )

    def serve(self, function: Function, *, codes: bool) -> None:
        """Grant the function what turns need: the table and its keys, the bank's books.

        With `codes`, where a channel can take a code from a customer: the sending of codes, and what a proof opens.
        """
        self.customers.serve_turns(function, codes=codes)
        self.serve_business(function)
        if codes:
            self.send_codes(function)

    def serve_business(self, function: Function) -> None:
        """Grant the function the bank's books, where there is that bank."""
        if self.bank is not None:
            self.bank.serve(function)

    def send_texts(self, function: Function) -> None:
        """Let the function send text messages from what is configured."""
        function.grant(*_sending_texts(self.environment))

    def send_codes(self, function: Function) -> None:
        """Let the function send codes from what is configured."""
        function.grant(*_sending_codes(self.environment))


def _sending_texts(environment: Environment) -> list[PolicyStatement]:
    """From the configured number or pool and nothing else; where none is configured, nothing is granted."""
    number, under = environment.codes.sms_from, environment.codes.sms_protect
    if not number:
        return []
    here = f"arn:{Aws.PARTITION}:sms-voice:{Aws.REGION}:{Aws.ACCOUNT_ID}"
    origin = f"{here}:{'pool' if number.startswith('pool-') else 'phone-number'}/{number}"
    rules = [f"{here}:protect-configuration/{under}"] if under else []
    return [PolicyStatement(actions=["sms-voice:SendTextMessage"], resources=[origin, *rules])]


def _sending_codes(environment: Environment) -> list[PolicyStatement]:
    """By text and by mail; from the configured identities and nothing else."""
    here = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
    statements = _sending_texts(environment)
    if address := environment.codes.email_from:
        identity = f"arn:{Aws.PARTITION}:ses:{here}:identity/{address.partition('@')[2]}"
        only = {"StringEquals": {"ses:FromAddress": address}}
        statements.append(PolicyStatement(actions=["ses:SendEmail"], resources=[identity], conditions=only))
    return statements
