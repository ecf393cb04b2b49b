"""A person signs in by the pages of a Cognito user pool, in a browser: the authorization-code grant with PKCE.

As RFC 8252 has it for programs on a person's own machine: the browser is taken back to a port of this machine, and
the code that it brings is worth something only to whom knows the verifier, which never leaves this process before
the code is exchanged. So it does no harm that another program of this machine could see the browser's address, or
listen at the same port under IPv6. Nothing is kept: tokens are returned, and neither printed nor written.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import queue
import re
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

PORT = 8765
"""Of this machine. Cognito takes a browser back only to addresses that the app client names, port and all."""
PATH: Final = "/signed-in"
SCOPE: Final = "openid"
"""All that an ID token with its groups and roles needs."""
SECONDS: Final = 20
"""How long the pool may take to answer."""
_LARGEST: Final = 200_000
"""Characters of the pool's answer: three tokens of some thousands."""
_WORD: Final = re.compile(r"[a-z_]{1,40}")
"""An error's name as RFC 6749 has them (4.1.2.1, 5.2); anything else is not repeated."""
_PAGE: Final = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Throughline</title>
<body style="font: 1.2rem/1.5 system-ui; margin: 4rem auto; max-width: 32rem"><h1>{title}</h1><p>{text}</p></body>
</html>
"""


class NotSignedIn(Exception):
    """Nobody is signed in; why, and what to do next. It never tells a token, a code or a verifier."""


class CannotBegin(NotSignedIn):
    """The sign-in couldn't be begun."""


@dataclass(frozen=True, slots=True)
class Came:
    """What the browser came back with."""

    code: str = field(default="", repr=False)
    why_not: str = ""
    """Empty, or why there is no code."""


def sign_in(domain: str, client: str, *, show: Callable[[str], None], wait: float) -> str:
    """The ID token of whoever signs in at the page that is shown, within so many seconds.

    `domain` is the pool's, with https://; `show` is given the page's address once somebody listens for the way back.
    Raises NotSignedIn, CannotBegin.
    """
    # RFC 7636, 4.1: 43 to 128 characters; 48 octets make 64.
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _Callback(state) as callback:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": client,
            "redirect_uri": callback.url,
            "scope": SCOPE,
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        show(f"{domain}/oauth2/authorize?{urlencode(asked)}")
        came = callback.came(wait)
        back = callback.url
    if came.why_not:
        raise NotSignedIn(came.why_not)
    return _exchanged(domain, client, came.code, verifier, back)


class _Callback:
    """Listens at this machine's port for the browser, as long as the context lasts."""

    def __init__(self, state: str) -> None:
        came: queue.SimpleQueue[Came] = queue.SimpleQueue()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path != PATH:
                    self.send_error(HTTPStatus.NOT_FOUND)
                    return
                brought = _brought(parts.query, state)
                try:
                    self._tell(brought)
                finally:
                    came.put(brought)

            def _tell(self, brought: Came) -> None:
                title, text = ("Thank you", "The rest is done where you began: you can close this page.")
                if brought.why_not:
                    title, text = ("That did not work", "Where you began, it says why: you can close this page.")
                page = _PAGE.format(title=title, text=text).encode()
                self.send_response(HTTPStatus.BAD_REQUEST if brought.why_not else HTTPStatus.OK)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(page)))
                self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                self.send_header("Cache-Control", "no-store")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, format: str, *args: object) -> None:
                # The request's line has the code in it.
                del format, args

        try:
            self._server = _Server(("127.0.0.1", PORT), Handler)
        except OSError:
            raise CannotBegin(
                f"Port {PORT} of this machine is in use: finish the other sign-in, or end what listens there, "
                "and try again."
            ) from None
        self.url = f"http://localhost:{self._server.server_port}{PATH}"
        """Where the browser is taken back to: exactly as the app client has it."""
        self._came = came
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> _Callback:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def came(self, wait: float) -> Came:
        """What the first one to come brings. Raises NotSignedIn after so many seconds."""
        try:
            return self._came.get(timeout=wait)
        except queue.Empty:
            raise NotSignedIn(f"Nobody signed in within {wait:g} seconds: begin again when you are ready.") from None


class _Server(ThreadingHTTPServer):
    # A thread for each connection: browsers open some ahead, and say nothing on them.
    daemon_threads = True
    # On Windows this would let two programs listen at one port.
    allow_reuse_address = os.name == "posix"


def _brought(query: str, state: str) -> Came:
    found = {name: values[0] for name, values in parse_qs(query).items() if len(values) == 1}
    if not secrets.compare_digest(found.get("state", "").encode(), state.encode()):
        return Came(
            why_not="The browser came back from another sign-in than this one: close its old pages, begin again."
        )
    if "error" in found:
        return Came(why_not=f"The sign-in page ended it{_named(found['error'])}: begin again.")
    if not found.get("code"):
        return Came(why_not="The browser came back without a code: begin again.")
    return Came(found["code"])


def _named(error: object) -> str:
    return f" ({error})" if isinstance(error, str) and _WORD.fullmatch(error) else ""


def _exchanged(domain: str, client: str, code: str, verifier: str, back: str) -> str:
    """The ID token for a code. Raises NotSignedIn.

    Amazon Cognito developer guide, "The token issuer endpoint".
    """
    form = {
        "grant_type": "authorization_code",
        "client_id": client,
        "code": code,
        "redirect_uri": back,
        "code_verifier": verifier,
    }
    request = urllib.request.Request(  # noqa: S310 - https, or this machine: whoever names the domain sees to it
        f"{domain}/oauth2/token",
        data=urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
            found = _json(answer.read(_LARGEST))
    except urllib.error.HTTPError as refused:
        with refused:
            error = _json(refused.read(_LARGEST)).get("error")
        if error == "invalid_grant":
            raise NotSignedIn(
                "The pool doesn't take the code any more: it is too old or was used. Begin again."
            ) from None
        raise NotSignedIn(
            f"The pool refused the sign-in with status {refused.code}{_named(error)}: begin again; if that stays so, "
            "compare --client and --domain with `throughline sign-in --config`."
        ) from None
    except OSError as problem:
        raise NotSignedIn(f"The pool can't be reached ({type(problem).__name__}): check --domain.") from None
    token = found.get("id_token")
    if not isinstance(token, str) or not token:
        raise NotSignedIn("What answered is not the pool: check --domain (the stack's output StaffLogin).")
    return token


def _json(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
