"""A small HTTP server around `handle`, for tests and for running the Lex stand-in by itself on 127.0.0.1."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from rehearsal.lex.http import Request, Response
from rehearsal.lex.protocol import LARGEST_BODY

Handle = Callable[[Request], Response]


class LexServer:
    """Serves `handle` while its `with` block lasts; port 0 takes a free one."""

    def __init__(self, handle: Handle, port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler_for(handle))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> LexServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_for(handle: Handle) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            try:
                body = self._chunks() if "chunked" in headers.get("transfer-encoding", "") else self._whole()
            except ValueError:
                self.send_error(400, "the body's length cannot be read")
                return
            response = handle(Request(self.command, self.path, headers, body))
            try:
                self._answer(response)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # whoever asked has given up waiting

        def _answer(self, response: Response) -> None:
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            if response.status != 204:
                self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        def _whole(self) -> bytes:
            length = _length(self.headers.get("Content-Length") or "0", 10)
            if length > LARGEST_BODY:
                self.close_connection = True
            return self.rfile.read(min(length, LARGEST_BODY + 1))

        def _chunks(self) -> bytes:
            body = b""
            while size := _length(self.rfile.readline(80).split(b";")[0].decode(), 16):
                body += self.rfile.read(min(size, LARGEST_BODY + 1))
                self.rfile.readline()
                if len(body) > LARGEST_BODY:
                    self.close_connection = True
                    return body
            while self.rfile.readline().strip():
                continue
            return body

        do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = do_PATCH = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the rehearsal shows turns, not access lines."""

    return Handler


def _length(text: str, base: int) -> int:
    length = int(text, base)
    if length < 0:
        raise ValueError(f"a length below zero: {length}")
    return length
