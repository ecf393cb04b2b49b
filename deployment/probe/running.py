"""Trying the assumptions one after the other: whatever happens to one, the others are tried and nothing stays."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator

from botocore.exceptions import BotoCoreError, ClientError

from deployment.probe.assumption import Finding, NotTried, Outcome, Probe, Verdict, different, not_tried
from deployment.probe.refusals import code, told, words
from deployment.probe.site import Site

AS_EXPECTED, DIFFERS, COULD_NOT_LOOK = 0, 1, 2
"""Exit statuses."""


def findings(probes: Iterable[Probe], site: Site, began: Callable[[str], None] = lambda id: None) -> Iterator[Finding]:
    """Each probe's finding, as it comes; `began` hears the id of what is tried next."""
    for probe in probes:
        began(probe.assumption.id)
        yield Finding(probe.assumption, outcome(probe, site))


def outcome(probe: Probe, site: Site) -> Outcome:
    """What came of it. A failure is an outcome as well: a refusal that tells something, or a reason."""
    try:
        return probe.check(site)
    except NotTried as reason:
        return not_tried(str(reason))
    except ClientError as error:
        if code(error) in probe.answers:
            return different(words(error))
        return not_tried(told(error, probe.needs))
    except BotoCoreError as error:
        return not_tried(told(error, probe.needs))
    except Exception as error:  # noqa: BLE001 - an answer of a shape that nobody foresaw must not end the others
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{at.filename.rpartition('/')[2]}:{at.lineno}"
        return not_tried(f"the probe itself failed: {type(error).__name__} {error} at {where}")


def status(found: Iterable[Finding]) -> int:
    """The exit status: whether all that were tried are as expected, or something differs, or nothing was seen."""
    verdicts = {finding.outcome.verdict for finding in found}
    if Verdict.DIFFERENT in verdicts:
        return DIFFERS
    return AS_EXPECTED if Verdict.AS_EXPECTED in verdicts else COULD_NOT_LOOK
