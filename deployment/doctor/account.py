"""The target account as the checks see it: questions in, answers or a reason out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from deployment.doctor.call import LIVING, STACK_RESOURCES, STACKS, Call
from deployment.doctor.unanswered import Unanswered, Why, unanswered

Clients = Callable[[str, str], BaseClient]
"""A client for a service (botocore's name) in a region."""

DEPLOYED_CALLS = (STACKS, STACK_RESOURCES)
"""What `Account.deployed` makes."""

_PAGES = 200
"""More than any count here needs: 100,000 KMS keys are 100 pages."""
_GONE = "DELETE_COMPLETE"


@dataclass(frozen=True, slots=True)
class Deployed:
    """What CloudFormation already has of this environment."""

    count: int
    """Stacks of the whole account in this region."""
    stacks: Mapping[str, str]
    """Those of this environment, by name, with their states."""
    resources: Mapping[str, tuple[str, ...]]
    """Their resources' physical ids, by type."""

    def of(self, type: str) -> tuple[str, ...]:  # noqa: A002 -- CloudFormation's word
        """The physical ids of a type."""
        return self.resources.get(type, ())


class Account:
    """One account in one region; safe for threads."""

    def __init__(self, clients: Clients, region: str, stacks: Sequence[str]) -> None:
        """Ask through `clients`; `stacks` are this environment's names."""
        self._clients = clients
        self._region = region
        self._stacks = frozenset(stacks)
        self._lock = threading.Lock()
        self._deployed: Deployed | Unanswered | None = None

    def ask(self, call: Call, *, region: str = "", **request: object) -> Mapping[str, Any]:
        """The answer of one call; raises Unanswered."""
        return self._answer(call, request, region or self._region)

    def every(self, call: Call, **request: object) -> list[Any]:
        """The items of all pages of a call; raises Unanswered, also for more pages than are sensible."""
        items: list[Any] = []
        token: object = None
        for _ in range(_PAGES):
            answer = self._answer(call, request | ({call.token_in: token} if token else {}), self._region)
            items.extend(answer.get(call.items, ()))
            token = answer.get(call.token_out)
            if not token:
                return items
        raise Unanswered(call, Why.OTHER, f"{call.action} answers with over {_PAGES} pages", "count them yourself")

    def deployed(self) -> Deployed:
        """What CloudFormation has of this environment, asked for once; raises Unanswered."""
        with self._lock:
            if self._deployed is None:
                try:
                    self._deployed = self._look_at_stacks()
                except Unanswered as reason:
                    self._deployed = reason
            if isinstance(self._deployed, Unanswered):
                raise self._deployed
            return self._deployed

    def _answer(self, call: Call, request: Mapping[str, object], region: str) -> Mapping[str, Any]:
        try:
            client = self._clients(call.service, region)
            answer: Mapping[str, Any] = getattr(client, xform_name(call.operation))(**request)
        except ParamValidationError:
            raise  # a mistake here, not in the account
        except (ClientError, BotoCoreError) as error:
            raise unanswered(call, error) from error
        return answer

    def _look_at_stacks(self) -> Deployed:
        there = self.every(STACKS, StackStatusFilter=list(LIVING))
        ours = {str(stack["StackName"]): str(stack["StackStatus"]) for stack in there}
        ours = {name: status for name, status in sorted(ours.items()) if name in self._stacks}
        found: dict[str, tuple[str, ...]] = {}
        for name in ours:
            for resource in self.every(STACK_RESOURCES, StackName=name):
                physical = resource.get("PhysicalResourceId")
                if physical and resource.get("ResourceStatus") != _GONE:
                    found[resource["ResourceType"]] = (*found.get(resource["ResourceType"], ()), str(physical))
        return Deployed(len(there), ours, found)


def botocore_clients(session: botocore.session.Session) -> Clients:
    """Clients of a session that give up soon; made one at a time, because making them is not safe for threads."""
    lock = threading.Lock()
    config = Config(connect_timeout=3, read_timeout=6, retries={"total_max_attempts": 2, "mode": "standard"})

    def client(service: str, region: str) -> BaseClient:
        with lock:
            return session.create_client(service, region_name=region, config=config)

    return client
