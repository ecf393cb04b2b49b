"""Tokens of other pools, other clients, other times, and of his own making."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from functools import cache
from typing import Any

from rehearsal.world import World
from tests.spoofing.asks import BALANCE
from tests.spoofing.attempt import Attempt
from tests.spoofing.listing import attack, control
from throughline.channels.capabilities import ALEXA, EAR

FAMILY = "forged sign-ins"
WAYS = (EAR, ALEXA)


def part(words: Mapping[str, Any] | str) -> str:
    """A part of a token."""
    raw = words if isinstance(words, str) else json.dumps(words)
    return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()


def words(token: str, place: int = 1) -> dict[str, Any]:
    """What a token says."""
    found = token.split(".")[place]
    read: dict[str, Any] = json.loads(base64.urlsafe_b64decode(found + "=" * (-len(found) % 4)))
    return read


def with_words(token: str, **changed: Any) -> str:
    """The token with other words, under the signature that it had."""
    head, _, signature = token.split(".")
    return ".".join((head, part({**words(token), **changed}), signature))


def comes(a: Attempt, token: str) -> None:
    """With that token, to ask for her balance."""
    if a.way == ALEXA:
        a.raw_alexa("CheckBalance", token=token)
        return
    a.token = token
    a.asks(BALANCE)


@attack(
    "a token of his own making",
    FAMILY,
    WAYS,
    (
        {"alg": "none"},
        {"alg": "None"},
        {"alg": "nOnE", "typ": "JWT"},
        {"alg": "HS256"},
        {"alg": "RS256", "kid": "dummy"},
        {"alg": "RS256", "jku": "https://evil.example/keys"},
        {"alg": "RS256", "jwk": {"kty": "oct", "k": "AA"}},
        {},
    ),
)
def own_making(a: Attempt, head: Mapping[str, Any]) -> None:
    """He writes a token that says all the right things of her, with no signature, or one of his."""
    said = words(a.victim.token)
    for signature in ("", secrets.token_urlsafe(256)):
        comes(a, f"{part(head)}.{part(said)}.{signature}")


@attack("her subject in his own token", FAMILY, WAYS, ("sub", "username", "both", "raw"))
def her_subject(a: Attempt, which: str) -> None:
    """He has an account of his own, and writes her subject into his token's words."""
    his, hers = a.world.sign_in(a.mallory), words(a.victim.token)
    changes = {"sub": hers["sub"]} if which != "username" else {}
    if which in ("username", "both"):
        changes["username"] = hers.get("username", hers["sub"])
    if which == "raw":
        head, _, signature = his.split(".")
        text = json.dumps(words(his))[:-1] + f', "sub": "{hers["sub"]}"}}'
        comes(a, f"{head}.{part(text)}.{signature}")
        return
    comes(a, with_words(his, **changes))


@attack("her token, changed", FAMILY, WAYS, range(5))
def changed(a: Attempt, number: int) -> None:
    """He found a token of hers in an old log, expired, and changes what it says about its time."""
    old, now = a.victim.token, a.world.clock()
    past = with_words(old, exp=int(now) - 10, iat=int(now) - 4000, auth_time=int(now) - 4000)
    match number:
        case 0:
            comes(a, past)
        case 1:
            comes(a, with_words(past, exp=int(now) + 10**6, sub=words(old)["sub"].upper()))
        case 2:
            comes(a, with_words(old, auth_time=int(now) + 10**6))
        case 3:
            comes(a, with_words(old, token_use="id"))
        case _:
            comes(a, old[: len(old) // 2])


@attack("a token of another kind", FAMILY, WAYS, ("id", "refresh", "id as access"))
def another_kind(a: Attempt, which: str) -> None:
    """He got hold of her id token or her refresh token: neither is an access token."""
    accounts = a.world.accounts
    if accounts is None:
        raise LookupError("the rehearsal has no user pool")
    result = accounts.idp.admin_initiate_auth(
        UserPoolId=accounts.pool, ClientId=accounts.client, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={
            "USERNAME": a.victim.person.email, "PASSWORD": accounts.passwords[a.victim.person.email],
        },
    )["AuthenticationResult"]  # fmt: skip
    token = result["IdToken" if which.startswith("id") else "RefreshToken"]
    comes(a, with_words(token, token_use="access") if which == "id as access" else token)


@attack(
    "a token of another pool or client",
    FAMILY,
    WAYS,
    ("pool", "client", "pool, our issuer's name", "client, our client's name"),
)
def elsewhere(a: Attempt, which: str) -> None:
    """He signs in, rightly, to a user pool of his own or to another client of ours, as somebody with her address."""
    token = _foreign(a, which.partition(",")[0])
    said = words(a.victim.token)
    if "name" in which:
        token = with_words(token, iss=said["iss"], client_id=said["client_id"], sub=said["sub"])
    comes(a, token)


@attack(
    "what is no token at all",
    FAMILY,
    WAYS,
    (
        "",
        "x",
        "..",
        "a.b.c",
        "null",
        "{}",
        "Bearer x",
        "x" * 9000,
        "\u0000",
        "eyJ9.eyJ9.eyJ9",
        "....",
        "../../x",
    ),
)
def none_at_all(a: Attempt, token: str) -> None:
    """He sends whatever might fall over."""
    comes(a, token or " ")


@control("her own token", FAMILY, (EAR,))
def hers(a: Attempt) -> bool:
    """Tells her balance in a browser that nobody knew."""
    comes(a, a.victim.token)
    return a.heard_hers()


@cache
def _pool_of(url: str, which: str, ours: str) -> tuple[str, str]:
    """A pool and a client that aren't ours: both made once."""
    idp = _idp(url)
    pool = ours if which == "client" else idp.create_user_pool(PoolName="mallory")["UserPool"]["Id"]
    client = idp.create_user_pool_client(UserPoolId=pool, ClientName="mallory")["UserPoolClient"]["ClientId"]
    return pool, client


@cache
def _idp(url: str) -> Any:  # botocore makes its clients' types at run time
    import botocore.session

    from rehearsal.assembly import REGION

    return botocore.session.get_session().create_client(
        "cognito-idp", region_name=REGION, endpoint_url=url, aws_access_key_id="any", aws_secret_access_key="any"
    )


def _foreign(a: Attempt, which: str) -> str:
    world: World = a.world
    accounts = world.accounts
    if accounts is None:
        raise LookupError("the rehearsal has no user pool")
    idp = _idp(world.cloud.url)
    pool, client = _pool_of(world.cloud.url, which, accounts.pool)
    email = a.victim.person.email
    password = accounts.passwords[email]
    if which == "pool":
        password = "Aa1!mallory-mallory"
        _user(idp, pool, email, password)
    accounts.before()
    if which == "client":
        # She is in the pool, the client isn't ours: somebody else's app that she signs in to.
        email, password = a.victim.person.email, accounts.passwords[a.victim.person.email]
    return str(
        idp.admin_initiate_auth(
            UserPoolId=pool, ClientId=client, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": password},
        )["AuthenticationResult"]["AccessToken"]
    )  # fmt: skip


def _user(idp: Any, pool: str, email: str, password: str) -> None:
    try:
        idp.admin_create_user(UserPoolId=pool, Username=email, MessageAction="SUPPRESS")
    except idp.exceptions.UsernameExistsException:
        return
    idp.admin_set_user_password(UserPoolId=pool, Username=email, Password=password, Permanent=True)
