"""The telephone: calls and chats run the synthesised contact flows, with the deployed functions and the one Lex.

What is keyed in is encrypted as Connect does it, but under a key pair of this rehearsal's own, since nobody has the
private key of the certificate that stands in the templates; the private half lies in the secret that the function which
alone may read it is told of.
"""

from __future__ import annotations

import json
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from rehearsal.assembly import Assembly
from rehearsal.cloud import Cloud
from rehearsal.connect.agents import AVAILABLE
from rehearsal.connect.faults import Faults
from rehearsal.connect.flows import Flows, content_of
from rehearsal.connect.layout import AgentSpec, Layout, layout_of
from rehearsal.connect.lex_bridge import RehearsedLex
from rehearsal.connect.ports import LambdaAnswer, LambdaFailed, Lambdas, Lex, Services, Vault
from rehearsal.connect.staged import StagedCentre
from rehearsal.connect.stand_ins import NoProfiles, OpenCentre
from rehearsal.connect.vault import EncryptionSdkVault
from rehearsal.functions import FunctionFailed, Functions
from rehearsal.lex.sentiment import sentiment_of
from rehearsal.lex.service import Lex as LexService
from rehearsal.patience import PatientClock
from rehearsal.people import Person
from rehearsal.permissions.invocations import NotInvoked, check_connect
from rehearsal.permissions.roles import Roles

ENTRY: Final = "InboundFlow"
"""The flow that answers the number, by its logical id."""
NUMBER: Final = "+18005550199"
"""What is dialled where the templates claim no number; 555-01xx are nobody's."""
WITHHELD: Final = "anonymous"
"""What Connect has for the number of a caller who hides it (administrator guide, "Contact attributes")."""
AGENTS: Final = ("morgan", "billie")
"""Agents of the rehearsal, where the settings name none: an instance that is not there has no users."""
TEAM: Final = "agents"


@dataclass(frozen=True, slots=True)
class OurLambdas:
    """The port Lambdas, played by the deployed handlers: as the flow names them, and if Connect may call them."""

    functions: Functions
    by_arn: Mapping[str, str]
    """ARN of the alias to the function's logical id."""
    roles: Callable[[], Roles]
    instance: str

    def invoke(self, arn: str, event: Mapping[str, object], seconds: float) -> LambdaAnswer:
        """See `Lambdas.invoke`."""
        function, began = self.by_arn.get(arn), time.perf_counter()
        if function is None:
            raise LambdaFailed(f"there is no function {arn}")
        try:
            check_connect(self.roles().policies, arn, self.instance)
            answer = self.functions.invoke(function, event, seconds=seconds)
        except (FunctionFailed, NotInvoked) as failed:
            raise LambdaFailed(str(failed), time.perf_counter() - began) from failed
        return LambdaAnswer(answer, time.perf_counter() - began)


@dataclass(frozen=True, slots=True)
class OwnVault:
    """The port Vault, under a certificate of the rehearsal's own."""

    certificate: str
    sdk: EncryptionSdkVault = field(default_factory=EncryptionSdkVault)

    def encrypt(self, key_id: str, certificate: str, digits: str) -> str:
        """See `Vault.encrypt`. Raises ValueError for a certificate that is none."""
        from cryptography.x509 import load_pem_x509_certificate

        load_pem_x509_certificate(certificate.encode())
        return self.sdk.encrypt(key_id, self.certificate, digits)


@dataclass(slots=True)
class Network:
    """The public telephone network: everybody answers, unless it was said that they don't."""

    outcomes: dict[str, str] = field(default_factory=dict)

    def dialable(self, number: str) -> bool:
        """See `Lines.dialable`."""
        return number.startswith("+") and number[1:].isdecimal()

    def call(self, number: str, seconds: float) -> str:
        """See `Lines.call`."""
        del seconds
        return self.outcomes.get(number, "answered")


@dataclass(slots=True)
class Telephone:
    """The contact centre, and the number by which customers reach it."""

    centre: StagedCentre
    network: Network
    flow: str
    """ARN of the flow that answers."""
    entry: str
    """Its name."""
    instance: str
    """ARN."""
    patience: PatientClock
    """The centre's clock, which can wait for whoever types what others would say."""
    number: str = NUMBER
    agents: tuple[AgentSpec, ...] = ()
    faults: Faults = field(default_factory=lambda: Faults({}))
    """What is broken between the flows and what they call."""

    def dial(self, person: Person | None, channel: str = "VOICE", *, withheld: bool = False) -> str:
        """Somebody calls, or opens a chat; the new contact's id. None, and a number withheld, is nobody known."""
        number = WITHHELD if person is None or withheld else person.phone
        customer = number if channel == "VOICE" else f"chat-{uuid.uuid4()}"
        return self.centre.start(
            self.flow, customer=customer, channel=channel, system=self.number, instance=self.instance
        )  # fmt: skip

    def answers(self, number: str, outcome: str) -> None:
        """How the next calls to that number go: answered, unanswered or failed."""
        self.network.outcomes[number] = outcome

    def sign_in(self, username: str) -> str:
        """The agent of that name is there and takes contacts; their ARN."""
        arn = next(one.arn for one in self.agents if one.username == username)
        self.centre.status(arn, AVAILABLE)
        return arn


def telephone(
    assembly: Assembly,
    cloud: Cloud,
    functions: Functions,
    lex: LexService,
    roles: Callable[[], Roles],
    clock: Callable[[], float],
    *,
    wrapped: Callable[[Services], Services] = lambda services: services,
) -> Telephone | None:
    """The telephone of the templates; None where they have no instance. `wrapped` may put faults between.

    Raises AssemblyError, BrokenFlow.
    """
    resources = assembly.resources
    found = next((it for it in resources.of_type("AWS::Connect::Instance")), None)
    entry = next((it for it in resources.of_type("AWS::Connect::ContactFlow") if it.id == ENTRY), None)
    if found is None or entry is None:
        return None
    instance, network, patience = resources.ref(found), Network(), PatientClock(clock)
    flow = resources.ref(entry)
    chance = random.Random("the rehearsal's telephone")
    nobody = OpenCentre()  # the centre puts itself in its place
    lambdas: Lambdas = OurLambdas(functions, {arn: it for it, arn in roles().aliases.items()}, roles, instance)
    ears: Lex = RehearsedLex(lex)
    vault: Vault = OwnVault(_own_key(assembly, cloud))
    services = Services(
        lambdas=lambdas, lex=ears, vault=vault, queues=nobody, hours=nobody, lines=network, callbacks=nobody,
        profiles=NoProfiles(), clock=patience, new_id=lambda: str(uuid.uuid4()), chance=lambda: chance.randint(1, 100),
    )  # fmt: skip
    modules = {spec.logical_id: spec.module for spec in assembly.functions}
    faults = Faults({arn: modules[it] for it, arn in roles().aliases.items() if it in modules})
    layout = staffed(layout_of(assembly), instance)
    centre = StagedCentre(
        layout, Flows(content_of(assembly).values()), faults.wrapped(wrapped(services)),
        mood=lambda words: sentiment_of(words).label,
    )  # fmt: skip
    claimed = next((it for it in resources.of_type("AWS::Connect::PhoneNumber")), None)
    number = str(resources.attribute(claimed, "Address")) if claimed is not None else NUMBER
    name = str(resources.resolved(entry, "Name"))
    return Telephone(centre, network, flow, name, instance, patience, number, layout.agents, faults)


def staffed(layout: Layout, instance: str) -> Layout:
    """The layout with somebody who answers, where no user is named by the settings."""
    if layout.agents or not layout.profiles:
        return layout
    profile = max(layout.profiles, key=lambda it: len(it.queues))
    people = tuple(AgentSpec(f"{instance}/agent/{name}", name, profile.arn, TEAM) for name in AGENTS)
    return replace(layout, agents=people)


def _own_key(assembly: Assembly, cloud: Cloud) -> str:
    """A certificate made just now, in PEM; its private key is put into the secret of the templates, if there is one."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "rehearsal")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for spec in assembly.functions:
        if spec.module == "secret_turn":
            secret = cloud.named_here(spec.environment)["CAPTURE_KEY"]
            cloud.secrets.put_secret_value(SecretId=secret, SecretString=json.dumps({"keys": [private]}))
    return certificate.public_bytes(Encoding.PEM).decode()
