"""The door before AWS's stand-ins: it knows a function by its access key and lets pass what its role may do.

Everything a function asks is noted with the verdict. A request that a function's role doesn't allow gets AWS's
own answer and never reaches the stand-in. Whoever has no key of a function (the rehearsal itself, an SDK at
the rehearsal's port) is the account's administrator.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qs

from rehearsal.lex.http import Request, Response
from rehearsal.permissions.calls import UnknownOperation, Wire, calls_of
from rehearsal.permissions.denials import Denial, access_denied, not_played, unknown_key, unsigned
from rehearsal.permissions.patterns import PolicyError
from rehearsal.permissions.policy import Call, Verdict
from rehearsal.permissions.roles import Roles
from rehearsal.resources import ACCOUNT, PARTITION

CONTROL: Final = "/_permissions"
"""Where the door itself is spoken to: PUT the roles, GET what was asked."""
_PREFIX: Final = "REHEARSED"
_CREDENTIAL: Final = re.compile(r"Credential=([^/,\s]+)/[^/]*/[^/]*/([^/]+)/aws4_request")
_OF_ANYBODY: Final = {"AWSCognitoIdentityProviderService": ("GetUser",)}
"""Operations that AWS takes without a signature: a token says whose they are (Cognito developer guide, "Understanding
API, OIDC, and managed login pages authentication"). Of those, the ones that functions of ours use."""
_STATUS: Final = {200: "200 OK", 400: "400 Bad Request", 403: "403 Forbidden", 501: "501 Not Implemented"}
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that a function asked for."""

    function: str
    """Its logical id."""
    call: Call
    """What it needed; of the context, what any policy asks about."""
    verdict: Verdict
    """What became of it."""


def access_key(function: str) -> str:
    """The invented access key that a function has here; its secret is nobody's concern."""
    return f"{_PREFIX}{hashlib.sha256(function.encode()).hexdigest()[:11].upper()}"


class Door:
    """Decides about requests and notes them; shared by all threads of a process."""

    def __init__(self, roles: Roles | None = None) -> None:
        """Without roles no function is known yet."""
        self._lock = Lock()
        self._asked: Counter[Asked] = Counter()
        if roles is not None:
            self.admit(roles)
        else:
            self._roles: Roles | None = None
            self._functions: Mapping[str, str] = {}

    def admit(self, roles: Roles) -> None:
        """From now on, decide by these."""
        conditions = {c.key for grant in roles.policies.grants for c in grant.conditions}
        variables = any("${" in json.dumps(grant.document) for grant in roles.policies.grants)
        self._relevant = None if variables else frozenset(conditions)
        self._functions = {access_key(function): function for function in roles.functions}
        self._roles = roles

    def asked(self) -> tuple[Asked, ...]:
        """What functions asked for so far, each once."""
        with self._lock:
            return tuple(self._asked)

    def forget(self) -> None:
        """Begin to note anew."""
        with self._lock:
            self._asked.clear()

    def refusal(self, authorization: str, read: Callable[[str], Wire]) -> Denial | None:
        """AWS's answer if the request is not allowed; None lets it pass.

        `read` gives the request for its signing name; it is only called for a function's request.
        """
        signed = _CREDENTIAL.search(authorization)
        if signed is None or not signed[1].startswith(_PREFIX):
            return None
        service = signed[2]
        function = self._functions.get(signed[1])
        if function is None or self._roles is None:
            return unknown_key(service)
        role = self._roles.functions[function]
        try:
            calls = calls_of(read(service), role, self._roles.partitions, self._roles.keys)
            verdicts = [(call, self._decided(function, self._reduced(call))) for call in calls]
        except (UnknownOperation, PolicyError) as problem:
            self._note(function, Call(role, "?", str(problem)), Verdict(False, str(problem)))
            return not_played(service, str(problem))
        for call, verdict in verdicts:
            if not verdict.allowed:
                return access_denied(service, _session(role, function), call, verdict.because)
        return None

    def _reduced(self, call: Call) -> Call:
        """The call with the context that matters to some policy: fewer calls to decide and to keep."""
        if self._relevant is None:
            return call
        kept = tuple(item for item in call.context if item[0] in self._relevant)
        return replace(call, context=kept)

    def _decided(self, function: str, call: Call) -> Verdict:
        if self._roles is None:
            raise RuntimeError("no roles were admitted yet")
        verdict = self._roles.policies.decide(call)
        self._note(function, call, verdict)
        return verdict

    def _note(self, function: str, call: Call, verdict: Verdict) -> None:
        with self._lock:
            self._asked[Asked(function, call, verdict)] += 1


class GuardedApplication:
    """A WSGI application behind a door, and the door's own two requests."""

    def __init__(self, application: Application, door: Door) -> None:
        """`application` gets what is let pass, unchanged."""
        self._application = application
        self._door = door

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] == CONTROL:
            return self._control(environ, start_response)
        signed = _signed(environ.get("HTTP_AUTHORIZATION", ""), environ.get("QUERY_STRING", ""))
        service, _, operation = environ.get("HTTP_X_AMZ_TARGET", "").partition(".")
        if not signed and operation not in _OF_ANYBODY.get(service, ()):
            return _answered(unsigned(service.partition("_")[0].lower()), start_response)
        denial = self._door.refusal(signed, lambda service: _wire(environ, service))
        if denial is None:
            return self._application(environ, start_response)
        return _answered(denial, start_response)

    def _control(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = b"{}"
        match environ["REQUEST_METHOD"]:
            case "PUT":
                self._door.admit(Roles.from_json(_body(environ).decode()))
            case "DELETE":
                self._door.forget()
            case _:
                body = asked_to_json(self._door.asked()).encode()
        return _answered(Denial(200, {"Content-Type": "application/json"}, body), start_response)


def guarded(door: Door, handle: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The same for one of the rehearsal's own servers."""

    def answered(request: Request) -> Response:
        path, _, query = request.path.partition("?")
        denial = door.refusal(
            _signed(request.headers.get("authorization", ""), query),
            lambda service: Wire(
                service, request.method, path, request.headers.get("x-amz-target", ""), request.body, query
            ),
        )
        return handle(request) if denial is None else Response(denial.status, denial.headers, denial.body)

    return answered


def _signed(header: str, query: str) -> str:
    """By whom: a signed address says it in its query, and is decided as a request of whoever signed it.

    Amazon S3 API reference, "Authenticating requests: using query parameters".
    """
    found = parse_qs(query).get("X-Amz-Credential", ())
    return header or "".join(f"Credential={one}" for one in found[:1])


def asked_to_json(asked: Iterable[Asked]) -> str:
    """As a text that `asked_from_json` reads back."""
    rows = [
        [one.function, one.call.who, one.call.action, one.call.resource, one.call.context, one.verdict.because]
        for one in asked
    ]
    return json.dumps(rows)


def asked_from_json(text: str) -> tuple[Asked, ...]:
    """What `asked_to_json` wrote."""
    return tuple(
        Asked(
            function,
            Call(who, action, resource, tuple((key, _value(value)) for key, value in context)),
            Verdict(not because, because),
        )
        for function, who, action, resource, context, because in json.loads(text)
    )


def _value(value: Any) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


def _session(role: str, function: str) -> str:
    """The ARN that AWS names in its messages: the role as taken on by Lambda for the function."""
    return f"arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/{function}"


def _wire(environ: dict[str, Any], service: str) -> Wire:
    return Wire(
        service,
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ.get("HTTP_X_AMZ_TARGET", ""),
        _body(environ),
        environ.get("QUERY_STRING", ""),
    )


def _body(environ: dict[str, Any]) -> bytes:
    """The request's body, which stays to be read by whoever comes next."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _answered(answer: Denial, start_response: Callable[..., Any]) -> Iterable[bytes]:
    headers = [*answer.headers.items(), ("Content-Length", str(len(answer.body)))]
    start_response(_STATUS[answer.status], headers)
    return [answer.body]
