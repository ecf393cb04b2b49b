"""What an environment costs a month: the price list, what the templates make, and what turns need.

`read` counts what stands in an assembly, `bill` prices a month of it, and `text`, `as_json` and `markdown` tell it.
"""

from __future__ import annotations

from deployment.cost.bill import Bill, bill, idle, per_thousand, usual
from deployment.cost.channels import CHANNELS, Channel
from deployment.cost.lines import Group, Line
from deployment.cost.measured import Assumed
from deployment.cost.origin import Origin, mismatch, origin
from deployment.cost.printed import as_json, markdown, text
from deployment.cost.standing import CannotBePriced, Deployed, read

__all__ = [
    "CHANNELS",
    "Assumed",
    "Bill",
    "CannotBePriced",
    "Channel",
    "Deployed",
    "Group",
    "Line",
    "Origin",
    "as_json",
    "bill",
    "idle",
    "markdown",
    "mismatch",
    "origin",
    "per_thousand",
    "read",
    "text",
    "usual",
]
