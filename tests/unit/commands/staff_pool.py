"""The staff's user pool, its identity pool and the stack's outputs, on a free port: as far as a sign-in asks them."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

POOL, CLIENT = "us-east-1_Invented1", "3inventedclient"
IDENTITIES = "us-east-1:11111111-2222-4333-8444-555555555555"
CODE, REFRESH, SECRET, SESSION = "code-of-one-use", "refresh-token", "wJalr/invented+secret", "session'token=="
UNTIL = 4_102_448_400
"""2100-01-01T01:00:00Z."""


@dataclass
class Pool:
    """Answers as Cognito does, unless told otherwise, and keeps what it was sent."""

    url: str = ""
    groups: list[str] = field(default_factory=lambda: ["agent"])
    roleless: list[str] = field(default_factory=list)
    """Groups that bear no role."""
    brings: dict[str, str] = field(default_factory=dict)
    """What the browser brings back instead: `state`, `code`, `error`; empty for not at all."""
    answers: tuple[int, bytes] | None = None
    """Of the token endpoint, instead of tokens."""
    refuses: dict[str, str] = field(default_factory=dict)
    """Operation of the identity pool to the error that it answers."""
    outputs: dict[str, str] = field(default_factory=dict)
    """Of the stacks; none: there is no such stack."""
    asked: dict[str, str] = field(default_factory=dict)
    """For a page, the last time."""
    exchanged: list[dict[str, str]] = field(default_factory=list)
    identified: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    described: list[str] = field(default_factory=list)

    @property
    def token(self) -> str:
        """The ID token of the member."""
        roles = [
            f"arn:aws:iam::123456789012:role/throughline-dev-{it}" for it in self.groups if it not in self.roleless
        ]
        claims = {"sub": "11111111", "cognito:groups": self.groups, "cognito:roles": roles}
        if not self.groups:
            claims = {"sub": "11111111"}
        parts = (json.dumps(it).encode() for it in ({"alg": "RS256"}, claims))
        return ".".join([*(base64.urlsafe_b64encode(it).rstrip(b"=").decode() for it in parts), "signature"])

    @property
    def secrets(self) -> list[str]:
        """What may stand nowhere in what is told, but for the credentials themselves."""
        verifiers = [it["code_verifier"] for it in self.exchanged]
        return [self.token, self.token.split(".")[1], CODE, REFRESH, *verifiers]

    def back(self, query: str) -> str:
        """Where the page takes the browser."""
        self.asked = {name: value for name, (value,) in parse_qs(query, strict_parsing=True).items()}
        brought = {"code": CODE, "state": self.asked["state"], **self.brings}
        return f"{self.asked['redirect_uri']}?{urlencode({name: it for name, it in brought.items() if it})}"

    def tokens(self, form: dict[str, str]) -> tuple[int, bytes]:
        """The token endpoint."""
        self.exchanged.append(form)
        if self.answers is not None:
            return self.answers
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.asked["code_challenge"]
        same = all(form[name] == self.asked[name] for name in ("client_id", "redirect_uri"))
        if not (proved and same and form["code"] == CODE and form["grant_type"] == "authorization_code"):
            return 400, b'{"error": "invalid_grant"}'
        tokens = {"id_token": self.token, "access_token": "a", "refresh_token": REFRESH, "expires_in": 3600}
        return 200, json.dumps(tokens).encode()

    def identity(self, operation: str, request: dict[str, object]) -> tuple[int, bytes]:
        """The identity pool."""
        self.identified.append((operation, request))
        if operation in self.refuses:
            return 400, json.dumps({"__type": self.refuses[operation], "message": f"no: {self.token}"}).encode()
        if operation == "GetId":
            return 200, json.dumps({"IdentityId": "us-east-1:of-this-member"}).encode()
        given = {"AccessKeyId": "ASIAINVENTED", "SecretKey": SECRET, "SessionToken": SESSION, "Expiration": UNTIL}
        return 200, json.dumps({"IdentityId": "us-east-1:of-this-member", "Credentials": given}).encode()

    def stack(self, name: str) -> tuple[int, bytes]:
        """CloudFormation."""
        self.described.append(name)
        if not self.outputs:
            return 400, b"<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>"
        members = "".join(
            f"<member><OutputKey>{key}</OutputKey><OutputValue>{value}</OutputValue></member>"
            for key, value in self.outputs.items()
        )
        inside = f"<Stacks><member><StackName>{name}</StackName><Outputs>{members}</Outputs></member></Stacks>"
        result = f"<DescribeStacksResult>{inside}</DescribeStacksResult>"
        return 200, f"<DescribeStacksResponse>{result}</DescribeStacksResponse>".encode()


def browse(page: str) -> None:
    """What a browser does whose person is signed in already: it follows where the page takes it."""
    try:
        urllib.request.urlopen(page, timeout=10).close()
    except urllib.error.HTTPError as shown:
        shown.close()


@contextmanager
def running() -> Iterator[Pool]:
    """A pool that answers as long as the context lasts."""
    pool = Pool()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            assert parts.path == "/oauth2/authorize"
            self.send_response(302)
            self.send_header("Location", pool.back(parts.query))
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            form = {name: value for name, (value,) in parse_qs(body).items()}
            if operation:
                assert "Authorization" not in self.headers, "before signing in there is nothing to sign with"
                status, answer = pool.identity(operation, json.loads(body))
            elif self.path == "/oauth2/token":
                status, answer = pool.tokens(form)
            else:
                status, answer = pool.stack(form["StackName"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pool.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield pool
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
