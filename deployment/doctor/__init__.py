"""Whether an account and region are ready for a deploy: reads, compares, and says how to get what is missing.

To add a check: a function in the module of its subject, a `Check` in that module's CHECKS with the calls that it
makes, and each new call in `call.CALLS`, from where the printed policy takes it.
"""

from __future__ import annotations

from deployment.doctor.account import Clients, botocore_clients
from deployment.doctor.examination import CHECKS, Examination, examine
from deployment.doctor.finding import Finding, State
from deployment.doctor.plan import Planned, planned
from deployment.doctor.policy import policy
from deployment.doctor.table import table

__all__ = [
    "CHECKS",
    "Clients",
    "Examination",
    "Finding",
    "Planned",
    "State",
    "botocore_clients",
    "examine",
    "planned",
    "policy",
    "table",
]
