"""A probe of the saved log queries: each is begun once, over little, and stopped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from deployment.probe.assumption import Assumption, NotTried, Outcome, Probe, Volume, as_expected, different
from deployment.probe.paging import MOST, pages
from deployment.probe.refusals import code, words
from deployment.probe.site import Site

SECONDS: Final = 900
"""Of the logs, up to now, that each query may scan."""
SAVED: Final = 12
"""Queries that an environment has; a test keeps the number by `stacks/queries.py`."""
_MALFORMED: Final = "MalformedQueryException"
_ENDED: Final = frozenset({"InvalidParameterException", "ResourceNotFoundException"})
"""What stopping a query says that has ended by itself (CloudWatch Logs API reference, StopQuery)."""


def _run(site: Site) -> Outcome:
    if not site.deployed.queries:
        raise NotTried(f"no saved query: {site.deployed.stack('observability')}")
    begins = f"{site.environment.prefix}/"
    request = {"queryDefinitionNamePrefix": begins}
    listed = pages(site.clients("logs").describe_query_definitions, request, "nextToken")
    found = [each for page in listed for each in page.get("queryDefinitions") or ()]
    if not found:
        raise NotTried(f"no saved query's name begins with {begins}, though the stack has made some: deploy it again")
    refused = [why for each in found if (why := _refused(site, each))]
    return different("; ".join(refused)) if refused else as_expected(f"{len(found)} queries are accepted")


def _refused(site: Site, query: Mapping[str, Any]) -> str:
    """Why Logs Insights can't read the query, with its name; empty if it can."""
    client, now = site.clients("logs"), int(site.now())
    own = (site.deployed.lex_turn_logs, site.deployed.alexa_turn_logs)
    groups = list(query.get("logGroupNames") or (each for each in own if each is not None))
    if not groups:
        raise NotTried(f"{query['name']} names no log group, and there is none: {site.deployed.stack('bot')}")
    try:
        begun = client.start_query(
            logGroupNames=groups, startTime=now - SECONDS, endTime=now, queryString=query["queryString"]
        )
    except ClientError as error:
        if code(error) == _MALFORMED:
            return f"{query['name']}: {words(error)}"
        raise
    try:
        client.stop_query(queryId=begun["queryId"])
    except ClientError as error:
        if code(error) not in _ENDED:
            raise
    return ""


QUERIES: Final = (
    Probe(
        Assumption(
            "queries-run",
            "Logs Insights can read every saved query",
            "each is begun without a complaint about its text",
            "CloudWatch Logs user guide, Logs Insights query syntax; unproven, no stand-in reads it",
            "runbooks would point to queries that don't run: stacks/queries.py",
        ),
        _run,
        ("logs:DescribeQueryDefinitions", "logs:StartQuery", "logs:StopQuery"),
        Volume(queries=SAVED, calls=SAVED + MOST),
    ),
)
"""One probe; what its queries find is not looked at."""
