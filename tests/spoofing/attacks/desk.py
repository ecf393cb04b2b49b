"""The staff's door: who is there is what IAM says, and each team does its own work only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.resources import ACCOUNT
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import DESK, attack, control
from tests.spoofing.victim import seen
from throughline.desk.matrix import ACTS, Team, may

FAMILY = "the staff's desk"
HOLES = tuple((team, act) for act in ACTS for team in Team if not may(team, act))


def _prefix(a: Attempt) -> str:
    return str(a.world.assembly.function("desk").environment["SERVICE"])


def _iam(a: Attempt, role: str, session: str = "mallory-1", account: str = ACCOUNT) -> dict[str, Any]:
    arn = f"arn:aws:sts::{account}:assumed-role/{role}/{session}"
    return {"accountId": account, "userArn": arn, "cognitoIdentity": None}


def request_of(a: Attempt, act: str, **more: Any) -> dict[str, Any]:
    """All that the act takes, for her."""
    link = next(iter(a.victim.stored().links))
    return {
        "act": act, "why": "a customer called about it", "customer": a.victim.customer, "link": link, "how": "wrong",
        "other": a.world.customer(a.mallory).customer, "undo": "x", "conflict": "x", **more,
    }  # fmt: skip


def refused(a: Attempt, answer: tuple[int, Mapping[str, Any]]) -> None:
    """It must be."""
    if answer[0] in (200, 500, 0):
        a.got_in(f"status {answer[0]}")


@attack("a hole in the matrix", FAMILY, (DESK,), HOLES)
def hole(a: Attempt, pair: tuple[Team, str]) -> None:
    """Somebody of one team asks for what only another team may do."""
    team, act = pair
    refused(a, a.desk(request_of(a, act), _iam(a, f"{_prefix(a)}-{team.value}")))


@attack(
    "the team in the body",
    FAMILY,
    (DESK,),
    (
        {"team": "supervisor"},
        {"role": "operator"},
        {"person": {"id": "x", "team": "auditor"}},
        {"sub": "x"},
        {"requestContext": {"authorizer": {"iam": {"userArn": "arn:aws:sts::000000000000:assumed-role/x-operator/y"}}}},
        {"act": ["look", "erase"]},
        {"act": {"name": "erase"}},
        {"act": "ERASE"},
        {"act": "erase "},
    ),
)
def in_the_body(a: Attempt, more: Mapping[str, Any]) -> None:
    """An analyst writes another team into the request."""
    refused(a, a.desk({**request_of(a, "erase"), **more}, _iam(a, f"{_prefix(a)}-analyst")))


ROLES = (
    "{}-customer", "{}-nobody", "{}-", "{}", "{}-agent-x", "x{}-agent", "{}-AGENT", "agent", "Admin", "{}-agent/../{}",
    "{}-agent ", "other-{}-agent", "{}--agent",
)  # fmt: skip


@attack("a role that is no team's", FAMILY, (DESK,), ROLES)
def another_role(a: Attempt, role: str) -> None:
    """He has a role in the account, or one whose name is like a team's."""
    prefix = _prefix(a)
    refused(a, a.desk(request_of(a, "look"), _iam(a, role.format(prefix, prefix))))


@attack("nobody by name", FAMILY, (DESK,), range(12))
def nobody(a: Attempt, number: int) -> None:
    """He comes with no identity, with somebody else's account, or so that the audit could not name him."""
    role = f"{_prefix(a)}-supervisor"
    good = _iam(a, role)
    identities: tuple[object, ...] = (
        None, {}, {"userArn": ""}, {**good, "userArn": None}, _iam(a, role, account="999999999999"),
        {**good, "accountId": "999999999999"}, {**good, "userArn": good["userArn"].rpartition("/")[0]},
        {**good, "userArn": good["userArn"] + "/extra"}, _iam(a, role, "CognitoIdentityCredentials"),
        {**_iam(a, role, "CognitoIdentityCredentials"), "cognitoIdentity": {"amr": ["authenticated"]}},
        {
            **_iam(a, role, "CognitoIdentityCredentials"),
            "cognitoIdentity": {"amr": ["p:CognitoSignIn:11111111-aaaa", "p:CognitoSignIn:22222222-bbbb"]},
        },
        {**good, "userArn": good["userArn"].replace(":sts:", ":iam:").replace("assumed-role", "user")},
    )  # fmt: skip
    refused(a, a.desk(request_of(a, "look"), identities[number]))


@attack("no reason given", FAMILY, (DESK,), tuple(act for act, one in ACTS.items() if one.personal))
def without_why(a: Attempt, act: str) -> None:
    """Somebody of the right team looks without a reason, or with one that says nothing."""
    team = next(iter(sorted(ACTS[act].teams)))
    unsaid: tuple[object, ...] = ("", "   ", None, 7, [], "\n")
    for why in unsaid:
        refused(a, a.desk(request_of(a, act, why=why), _iam(a, f"{_prefix(a)}-{team.value}")))


@attack(
    "requests that are none",
    FAMILY,
    (DESK,),
    (
        "x",
        "[]",
        "null",
        "",
        "{" * 5000,
        '{"act": "look", "customer": "../x", "why": "a good reason"}',
        "\u0000",
        '{"act": "look", "customer": {"$gt": ""}, "why": "a good reason"}',
        '{"act": "__init__", "why": "a good reason"}',
        '{"act": "look", "address": {"kind": "phone", "value": "%"}, "why": "a good reason"}',
    ),
)
def nonsense(a: Attempt, body: str) -> None:
    """An agent sends what falls over, or what leads to everybody."""
    refused(a, a.desk({}, _iam(a, f"{_prefix(a)}-agent"), body=body))


@attack("her whole name by the analysts' door", FAMILY, (DESK,), range(2))
def pseudonyms(a: Attempt, number: int) -> None:
    """An analyst reads masked transcripts, and looks for whose they are."""
    if a.world.records is not None:
        a.world.records.drain()
    day = a.world.clock.today().isoformat()
    request = {"act": "transcripts", "why": "quality of this week's turns", "day": day, "customer": a.victim.customer}
    _, told = a.desk(request, _iam(a, f"{_prefix(a)}-analyst"))
    text = str(told)
    if a.victim.customer in text or any(link in text for link in a.victim.stored().links):
        a.got_in("the transcripts say whose they are")


@control("each team, at its own work", FAMILY, (DESK,))
def own_work(a: Attempt) -> bool:
    """Nobody is refused what is theirs."""
    answers = {
        (team.value, act): a.desk(request_of(a, act), _iam(a, f"{_prefix(a)}-{team.value}"))[0]
        for act in ("look", "timeline", "links", "audit", "transcripts") for team in Team if may(team, act)
    }  # fmt: skip
    return 403 not in answers.values() and 500 not in answers.values() and answers["agent", "look"] == 200


@control("an agent sees her balance nowhere, but what she is doing", FAMILY, (DESK,))
def looks(a: Attempt) -> bool:
    """And the oracle would see it."""
    _, told = a.desk(request_of(a, "look"), _iam(a, f"{_prefix(a)}-agent"))
    return list(seen(str(told), {"TransferMoney": "what she does"})) == ["what she does"]
