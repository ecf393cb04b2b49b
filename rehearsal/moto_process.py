"""moto as a process of its own, on a free port of 127.0.0.1: prints its URL, ends when standard input does.

A process and not a thread: moto keeps one world for all of a process, and shares its interpreter's time. The
door that checks functions' permissions is in the same process, so that it costs no further way. What time it is
here can be moved on, since a sign-in bears its time.
"""

from __future__ import annotations

import copy
import logging
import sys
import time
import weakref
from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import Any

from moto import backends
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from rehearsal.moto_clock import CLOCK
from rehearsal.permissions.door import Application, Door, GuardedApplication


def _copy_tables_once() -> None:
    """Moto copies a table with its whole stream before each write of a transaction: let it do so once for all."""
    plain = DynamoDBBackend.transact_write_items
    within: list[dict[int, Table]] = []

    def write(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        within.append({})
        before = dict(backend.tables)
        try:
            plain(backend, transact_items)
        finally:
            within.pop()
            for name, table in before.items():
                if backend.tables[name] is not table:
                    _back_to(table, backend.tables[name])
                    backend.tables[name] = table

    def copy_of(table: Table, memo: dict[int, object]) -> Table:
        copies = within[-1] if within else {}
        if id(table) not in copies:
            copies[id(table)] = _copy_of_a_table(table, memo)
        return copies[id(table)]

    DynamoDBBackend.transact_write_items = write  # type: ignore[method-assign, assignment]
    Table.__deepcopy__ = copy_of  # type: ignore[attr-defined]  # moto has no hook for it


def _back_to(table: Table, copied: Table) -> None:
    """The table as its copy is: who reads its stream just now holds on to the table itself."""
    for name, value in vars(copied).items():
        if isinstance(value, StreamShard):
            getattr(table, name).items[:] = value.items
        else:
            setattr(table, name, value)


def _copy_of_a_table(table: Table, memo: dict[int, object]) -> Table:
    copied: Table = object.__new__(type(table))
    memo[id(table)] = copied
    for name, value in vars(table).items():
        if isinstance(value, StreamShard):
            stream: StreamShard = object.__new__(StreamShard)
            # Records never change, their list does. Without a cycle, a copy that isn't needed goes at once.
            stream.__dict__.update(vars(value), table=weakref.proxy(copied), items=list(value.items))
            setattr(copied, name, stream)
        else:
            setattr(copied, name, copy.deepcopy(value, memo))
    return copied


def _copy_of_an_item(item: Item, memo: dict[int, object]) -> Item:
    """Of an item, only what can change is copied."""
    copied: Item = object.__new__(Item)
    memo[id(item)] = copied
    copied.__dict__.update(vars(item))
    copied.attrs = LimitedSizeDict.__new__(LimitedSizeDict)
    # Not by its own `__setitem__`, which measures the whole item each time.
    dict.update(copied.attrs, {name: _copy_of_a_value(value, memo) for name, value in item.attrs.items()})
    return copied


def _copy_of_a_value(value: DynamoType, memo: dict[int, object]) -> DynamoType:
    return copy.deepcopy(value, memo) if value.is_list() or value.is_map() or value.is_set() else value


class Moved:
    """An application whose process's time is moved on by a PUT of the seconds, and which does one thing at a time.

    moto copies a table before a transaction, and fails where somebody else writes meanwhile.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._one_at_a_time = Lock()
        self._ahead = 0.0
        laptop = time.time
        time.time = lambda: laptop() + self._ahead

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] != CLOCK:
            with self._one_at_a_time:
                return list(self._application(environ, start_response))
        self._ahead = float(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]


def main() -> None:
    """Serve until standard input ends."""
    _copy_tables_once()
    Item.__deepcopy__ = _copy_of_an_item  # type: ignore[method-assign, assignment]  # likewise
    services = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: services  # it looks through its folder at every request
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = Moved(GuardedApplication(DomainDispatcherApplication(create_backend_app), Door()))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
