"""Blocks that only choose a way: comparisons, hours, metrics, chance, loops and waits."""

from __future__ import annotations

from typing import Final

from rehearsal.connect.errors import NoSuchResource
from rehearsal.connect.inputs import Happened
from rehearsal.connect.ports import Metrics
from rehearsal.connect.run import (
    ADMIN,
    LANGUAGE,
    Block,
    Chose,
    Failed,
    Outcome,
    Run,
    Steps,
    Success,
    Waiting,
)

LONGEST_WAIT: Final = 604_800.0
"""Seconds (administrator guide, "Wait": 7 days)."""
_METRICS: Final = {
    "NumberOfAgentsAvailable": lambda it: it.available,
    "NumberOfAgentsStaffed": lambda it: it.staffed,
    "NumberOfAgentsOnline": lambda it: it.online,
    "OldestContactInQueueAgeSeconds": lambda it: it.oldest,
    "NumberOfContactsInQueue": lambda it: it.waiting,
}


def _compared(run: Run) -> Outcome:
    # A reference to nothing is an empty value, and one to no root at all too: Compare has no error branch for it.
    try:
        return Chose(run.single("ComparisonValue"))
    except KeyError:
        return Chose("")


def _open(run: Run) -> Outcome:
    hours = run.single("HoursOfOperationId")
    try:
        if hours:
            return Chose(str(run.services.hours.open(hours)), "NoMatchingError")
        queue = run.data.target_agent or run.data.queue
        if not queue:
            return Failed("NoMatchingError", "neither hours nor a working queue are set")
        return Chose(str(run.services.hours.open_queue(queue)), "NoMatchingError")
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))


def _metrics(run: Run) -> Metrics:
    queue = run.single("QueueId") or run.single("AgentId") or run.data.target_agent or run.data.queue
    if not queue:
        raise NoSuchResource("neither the block nor the contact names a queue")
    channel = run.text("QueueChannel").upper()
    return run.services.queues.metrics(queue, channel)


def _measured(run: Run) -> Outcome:
    try:
        it = _metrics(run)
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))
    read = _METRICS.get(run.text("MetricType"))
    if read is None:
        return Failed("NoMatchingError", f"no metric {run.text('MetricType')}")
    return Chose(f"{read(it):g}")


def _loaded(run: Run) -> Outcome:
    try:
        it = _metrics(run)
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))
    one_channel = bool(run.text("QueueChannel"))
    position = run.services.queues.position(run.data.id)
    run.data.metrics = {
        "Contact": {"PositionInQueue": position or None, "EstimatedWaitTime": round(it.wait) if position else None},
        "Queue": {
            "Name": it.name,
            "ARN": it.queue,
            "Size": it.waiting,
            "OldestContactAge": round(it.oldest),
            "EstimatedWaitTime": round(it.wait) if one_channel else None,
        },
        "Agents": {
            "Online": {"Count": it.online},
            "Available": {"Count": it.available},
            "Staffed": {"Count": it.staffed},
            "Busy": {"Count": it.busy},
            "AfterContactWork": {"Count": it.after_contact_work},
        },
    }
    return Success()


def _chance(run: Run) -> Outcome:
    return Chose(str(run.services.chance()))


def _looped(run: Run) -> Outcome:
    limit = int(run.number("LoopCount", 0))
    here = f"{run.flow.arn} {run.action.id}"
    done = run.data.loops.get(here, 0)
    if done < limit:
        run.data.loops[here] = done + 1
        return Chose("ContinueLooping", "NoMatchingError")
    run.data.loops.pop(here, None)
    return Chose("DoneLooping", "NoMatchingError")


def _waited(run: Run) -> Steps:
    # The page of the language calls it TimeoutSeconds; what the service takes is TimeLimitSeconds.
    seconds = run.number("TimeLimitSeconds", run.number("TimeoutSeconds", 0))
    if not 0 < seconds <= LONGEST_WAIT:
        return Failed("NoMatchingError", "a wait takes 1 second to 7 days")
    given = run.given("Events")
    events = tuple(str(it) for it in given) if isinstance(given, list) else ()
    if run.voice and not events:
        return Failed("NoMatchingError", "a call waits for events only")
    answer = yield Waiting("time", seconds, events)
    if isinstance(answer, Happened):
        return Chose(answer.event, "NoMatchingError")
    return Chose("WaitCompleted", "NoMatchingError")


def _call_progress(run: Run) -> Outcome:
    if not run.data.outbound_status:
        return Failed("NoMatchingError", "no outbound campaign called")
    return Chose(run.data.outbound_status, "NoMatchingError")


def _refused(why: str) -> Failed:
    return Failed("NoMatchingError", why)


BLOCKS = (
    Block("Compare", _compared, "Compares what a reference reads.", f"{LANGUAGE}flow-control-actions-compare.html"),
    Block(
        "CheckHoursOfOperation",
        _open,
        "Asks the contact centre's hours, holidays included; the working queue's where none are named.",
        f"{ADMIN}check-hours-of-operation.html",
    ),
    Block("CheckMetricData", _measured, "Reads one metric of a queue.", f"{ADMIN}check-queue-status.html"),
    Block("GetMetricData", _loaded, "Loads a queue's metrics into $.Metrics.", f"{ADMIN}get-queue-metrics.html"),
    Block(
        "DistributeByPercentage",
        _chance,
        "Draws 1 to 100 from the rehearsal's seeded dice.",
        f"{ADMIN}distribute-by-percentage.html",
    ),
    Block("Loop", _looped, "Counts per contact; starts anew once it is done.", f"{ADMIN}loop.html"),
    Block(
        "Wait",
        _waited,
        "Waits for its time or its events; a call for events only, else the error branch.",
        f"{ADMIN}wait.html",
    ),
    Block(
        "CheckOutboundCallStatus",
        _call_progress,
        "Branches on what a campaign's detector said; the error branch outside of a campaign.",
        f"{ADMIN}check-call-progress.html",
        ("VOICE",),
    ),
    Block(
        "CheckVoiceId",
        lambda _: _refused("Voice ID ended"),
        "Takes the error branch: Voice ID ended in May 2026.",
        f"{ADMIN}check-voice-id.html",
    ),
    Block(
        "StartVoiceIdStream",
        lambda _: _refused("Voice ID ended"),
        "Takes the error branch: Voice ID ended in May 2026.",
        f"{ADMIN}set-voice-id.html",
    ),
    Block(
        "CheckSegmentMembership",
        lambda _: _refused("no segments are rehearsed"),
        "Takes the error branch: segments are not rehearsed.",
        f"{ADMIN}customer-profiles-block.html",
    ),
)
