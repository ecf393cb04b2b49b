"""Each rehearsed invocation ends with Lambda's own report, which the figures and the saved queries read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rehearsal.assembly import FunctionSpec
from rehearsal.functions import FunctionFailed, Functions

SPEC = FunctionSpec(
    logical_id="Told", module="tests.unit.rehearsal.a_function", environment={"WHAT": "w"}, seconds=2, megabytes=4096
)


def test_a_report_tells_how_it_ended_and_once_how_long_the_start_took() -> None:
    lines: list[str] = []
    with Functions([SPEC], {}, heed=lines.append) as functions:
        functions.warm()
        functions.invoke("Told", {"do": "tell"})
        functions.invoke("Told", {"do": "tell"})
        with pytest.raises(FunctionFailed):
            functions.invoke("Told", {"do": "fail"})
        with pytest.raises(FunctionFailed):
            functions.invoke("Told", {"do": "sleep"})
    told: list[dict[str, Any]] = [json.loads(line) for line in lines if "platform.report" in line]
    records = [line["record"] for line in told]
    assert [record["status"] for record in records] == ["success", "success", "error", "timeout"]
    assert ["initDurationMs" in record["metrics"] for record in records] == [True, False, False, False]
    assert len({record["requestId"] for record in records}) == 4
    assert records[0]["metrics"]["memorySizeMB"] == 4096
