"""Names of the customer table that the code, the stack and the tests must agree on.

Standard library only, so that the stack can import it without the run-time packages.
"""

from __future__ import annotations

from typing import Final

PARTITION_KEY: Final = "pk"
"""String."""
SORT_KEY: Final = "sk"
"""String."""
TTL_ATTRIBUTE: Final = "expires"
"""Number, epoch seconds. DynamoDB deletes lazily (often days late), so reads filter on it too."""
BILLING_MODE: Final = "PAY_PER_REQUEST"

CUSTOMER_PREFIX: Final = "C#"
"""Partition of one customer."""
ADDRESS_PREFIX: Final = "A#"
"""Partition of one address, as a keyed hash."""
CONVERSATION: Final = "conversation"
"""Sort key of the one item that a turn reads and writes."""
OPEN_CONFLICTS: Final = "K#open"
"""Partition in which open conflicts stand, for supervisors to find."""
WENT: Final = "went#"
"""Before a link's id: sort key of where a link is now that was this customer's."""
LINK: Final = "link"
"""Sort key of the edge from an address to its customer."""

LEDGER_PARTITION_KEY: Final = "pk"
"""The reference bank's small table has a partition key only."""
