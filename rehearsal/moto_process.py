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
from threading import Condition, Lock, Thread
from typing import Any

from moto import backends
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import StreamShard, Table
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from rehearsal.moto_paths import CLOCK, HELD_SECONDS, WRITTEN
from rehearsal.permissions.door import Application, Door, GuardedApplication


def _copy_tables_once() -> None:
    """Moto copies a table with its whole stream before each write of a transaction: let it do so once for all."""
    plain = DynamoDBBackend.transact_write_items
    within: list[tuple[dict[int, Table], list[Any]]] = []

    def write(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
        within.append(({}, [op for it in transact_items for op in it.values()]))
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
        copies, written = within[-1] if within else ({}, [])
        if id(table) not in copies:
            copies[id(table)] = _copy_of_a_table(table, _partitions(table, written), memo)
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


def _partitions(table: Table, written: list[Any]) -> set[DynamoType]:
    """Those of a table that a transaction may change."""
    own = [op for op in written if op.get("TableName") == table.name]
    return {DynamoType((op.get("Key") or op["Item"])[table.hash_key_attr]) for op in own}


def _copy_of_a_table(table: Table, partitions: set[DynamoType], memo: dict[int, object]) -> Table:
    """A copy that has only these partitions to itself; the others nobody changes meanwhile."""
    copied: Table = object.__new__(type(table))
    memo[id(table)] = copied
    for name, value in vars(table).items():
        if isinstance(value, StreamShard):
            stream: StreamShard = object.__new__(StreamShard)
            # Records never change, their list does. Without a cycle, a copy that isn't needed goes at once.
            stream.__dict__.update(vars(value), table=weakref.proxy(copied), items=list(value.items))
            setattr(copied, name, stream)
        elif value is table.items:
            own = {key: copy.deepcopy(value[key], memo) for key in partitions & value.keys()}
            copied.items = copy.copy(value)
            copied.items.update(own)
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


class News:
    """How often a stream was written, for whoever waits for that."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._written = 0
        plain = StreamShard.add

        def add(shard: StreamShard, old: Item | None, new: Item | None) -> None:
            plain(shard, old, new)
            with self._changed:
                self._written += 1
                self._changed.notify_all()

        StreamShard.add = add  # type: ignore[method-assign, assignment]

    def after(self, known: int) -> int:
        """How often by now; waits a little for more than that."""
        with self._changed:
            self._changed.wait_for(lambda: self._written > known, HELD_SECONDS)
            return self._written


class Moved:
    """An application whose process's time is moved on by a PUT of the seconds, and which does one thing at a time.

    moto copies a table before a transaction, and fails where somebody else writes meanwhile.
    """

    def __init__(self, application: Application, news: News) -> None:
        self._application = application
        self._news = news
        self._one_at_a_time = Lock()
        self._ahead = 0.0
        laptop = time.time
        time.time = lambda: laptop() + self._ahead

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        path, answer = environ["PATH_INFO"], ""
        if path not in (CLOCK, WRITTEN):
            with self._one_at_a_time:
                return list(self._application(environ, start_response))
        told = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == CLOCK:
            self._ahead = float(told)
        else:
            answer = str(self._news.after(int(told)))
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer.encode()]


def main() -> None:
    """Serve until standard input ends."""
    _copy_tables_once()
    Item.__deepcopy__ = _copy_of_an_item  # type: ignore[method-assign, assignment]  # likewise
    services = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: services  # it looks through its folder at every request
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = Moved(GuardedApplication(DomainDispatcherApplication(create_backend_app), Door()), News())
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
