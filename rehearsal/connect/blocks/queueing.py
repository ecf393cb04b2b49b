"""Queues, agents, telephone numbers and calls back: blocks that send the contact elsewhere."""

from __future__ import annotations

from rehearsal.connect.errors import NoSuchResource, QueueFull
from rehearsal.connect.events import CallbackAsked, Dequeued, Noted, Transferred
from rehearsal.connect.inputs import ThirdPartyEnded
from rehearsal.connect.ports import Callback, Ticket
from rehearsal.connect.run import (
    ADMIN,
    LANGUAGE,
    VOICE,
    Block,
    Disconnect,
    Failed,
    IntoQueue,
    Outcome,
    Role,
    Run,
    Steps,
    Success,
    Waiting,
)


def _target(run: Run) -> Outcome:
    queue, agent = run.single("QueueId"), run.single("AgentId")
    if bool(queue) == bool(agent):
        return Failed("NoMatchingError", "exactly one of a queue and an agent must be named")
    try:
        metrics = run.services.queues.metrics(queue or agent, "")
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))
    run.data.queue, run.data.target_agent = queue and metrics.queue, agent and metrics.queue
    run.data.queue_name = metrics.name
    run.emit(Noted("target", {"queue": metrics.queue, "name": metrics.name}))
    return Success()


def join(run: Run, queue: str) -> Outcome:
    """Take a place in a queue or in an agent's own."""
    if not queue:
        return Failed("NoMatchingError", "no working queue is set")
    ticket = Ticket(run.data.id, queue, run.data.channel, run.data.priority, run.data.ahead)
    try:
        position = run.services.queues.join(ticket)
    except QueueFull as full:
        return Failed("QueueAtCapacity", str(full))
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))
    return IntoQueue(queue, position)


def _queued(run: Run) -> Outcome:
    if run.role is not Role.MAIN:
        return Failed("NoMatchingError", f"a {run.role} flow can't queue the contact")
    return join(run, run.data.target_agent or run.data.queue)


def _requeued(run: Run) -> Outcome:
    if run.role is not Role.QUEUE:
        return Failed("NoMatchingError", "the contact waits in no queue")
    old = run.data.target_agent or run.data.queue
    queue, agent = run.single("QueueId"), run.single("AgentId")
    try:
        metrics = run.services.queues.metrics(queue or agent, "")
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))
    # Whoever joins a queue gives up the place before only then, so that a full one costs nothing.
    done = join(run, metrics.queue)
    if isinstance(done, IntoQueue):
        run.emit(Dequeued(old, "transferred"))
        run.data.queue, run.data.target_agent = queue and metrics.queue, agent and metrics.queue
        run.data.queue_name = metrics.name
    return done


def _to_agent(run: Run) -> Outcome:
    if run.data.agent is None and not run.data.target_agent:
        return Failed("NoMatchingError", "no agent is set")
    agent = run.data.target_agent or (run.data.agent.arn if run.data.agent else "")
    done = join(run, agent)
    # A busy agent's caller is disconnected (developer guide, TransferContactToAgent).
    if isinstance(done, Failed):
        return Disconnect("agent_busy")
    run.emit(Transferred("agent", agent))
    return done


def _third_party(run: Run) -> Steps:
    number = run.single("ThirdPartyPhoneNumber")
    limit = run.number("ThirdPartyConnectionTimeLimitSeconds", 30)
    if not number or not run.services.lines.dialable(number):
        return Failed("CallFailed", f"{number or 'no number'} can't be called")
    outcome = run.services.lines.call(number, limit)
    if outcome == "unanswered":
        return Failed("ConnectionTimeLimitExceeded", f"nobody answered within {limit:g} s")
    if outcome != "answered":
        return Failed("CallFailed", "the call failed")
    run.emit(Transferred("number", number))
    while not isinstance((yield Waiting("third_party", None)), ThirdPartyEnded):
        continue
    # In an absent answer to whether the flow goes on, the editor's default stands: it does not.
    if run.text("ContinueFlowExecution").lower() == "true":
        return Success()
    return Disconnect("third_party")


def _called_back(run: Run) -> Outcome:
    queue = run.single("QueueId") or run.single("AgentId") or run.data.target_agent or run.data.queue
    number = run.data.callback_number or run.data.customer
    if not queue or not number:
        return Failed("NoMatchingError", "a call back needs a queue and a number")
    id = run.services.new_id()
    callback = Callback(
        id,
        run.data.id,
        number,
        queue,
        delay=run.number("InitialCallDelaySeconds", 0),
        attempts=int(run.number("MaximumConnectionAttempts", 1)),
        retry=run.number("RetryDelaySeconds", 0),
        attributes=dict(run.data.attributes),
        hooks=dict(run.data.hooks),
        flow=run.text("ContactFlowId"),
    )
    try:
        run.services.callbacks.ask(callback)
    except NoSuchResource as missing:
        return Failed("NoMatchingError", str(missing))
    run.emit(CallbackAsked(id, number, queue))
    return Success()


def _dialled(run: Run) -> Outcome:
    if run.data.initiation not in ("OUTBOUND", "CALLBACK", "API"):
        return Failed("NoMatchingError", "the contact makes no outbound call")
    run.emit(Noted("dialled", {"number": run.data.customer, "caller": run.text("CallerId.Number")}))
    return Success()


def _chat_started(run: Run) -> Outcome:
    address = run.text("DestinationEndpoint.Address")
    if not address or run.text("ContactSubtype") != "connect:SMS":
        return Failed("NoMatchingError", "only a text message to a number can be started")
    run.emit(Noted("outbound_chat", {"to": address, "text": run.text("InitialSystemMessage.Content")}))
    return Success()


def _task(run: Run) -> Outcome:
    name = run.text("Name")
    if not name or not (run.text("ContactFlowId") or run.text("TaskTemplateId")):
        return Failed("NoMatchingError", "a task needs a name, and a flow or a template")
    run.emit(Noted("task", {"name": name, "description": run.text("Description"), **run.texts("Attributes")}))
    return Success()


BLOCKS = (
    Block("UpdateContactTargetQueue", _target, "Sets the working queue or agent.", f"{ADMIN}set-working-queue.html"),
    Block(
        "TransferContactToQueue",
        _queued,
        "Takes a place in the queue and runs the customer queue flow; a full queue leaves by QueueAtCapacity.",
        f"{ADMIN}transfer-to-queue.html",
    ),
    Block(
        "DequeueContactAndTransferToQueue",
        _requeued,
        "From one queue to another, out of a customer queue flow.",
        f"{LANGUAGE}contact-actions-dequeuecontactandtransfertoqueue.html",
    ),
    Block(
        "TransferContactToAgent",
        _to_agent,
        "Waits for that agent.",
        f"{LANGUAGE}contact-actions-transfercontacttoagent.html",
        VOICE,
    ),
    Block("RouteContactToAgent", _to_agent, "Waits for that agent.", f"{ADMIN}transfer-to-agent-block.html"),
    Block(
        "TransferParticipantToThirdParty",
        _third_party,
        "Calls the number through the rehearsal's lines; goes on after it where the block says so.",
        f"{ADMIN}transfer-to-phone-number.html",
        VOICE,
    ),
    Block(
        "CreateCallbackContact",
        _called_back,
        "Puts a call back down with the contact centre, which begins it with its creation flow.",
        f"{LANGUAGE}interactions-createcallbackcontact.html",
    ),
    Block(
        "CompleteOutboundCall",
        _dialled,
        "Is noted on outbound calls.",
        f"{LANGUAGE}contact-actions-completeoutboundcall.html",
        VOICE,
    ),
    Block(
        "StartOutboundChatContact",
        _chat_started,
        "Is noted; nothing is sent.",
        f"{LANGUAGE}contact-actions-startoutboundchatcontact.html",
    ),
    Block("CreateTask", _task, "Is noted; no task flow runs.", f"{ADMIN}create-task-block.html"),
)
