"""The block types that the interpreter knows, gathered from the modules beside this one."""

from __future__ import annotations

from typing import Final

from rehearsal.connect.blocks.asking import BLOCKS as ASKING
from rehearsal.connect.blocks.bots import BLOCKS as BOTS
from rehearsal.connect.blocks.contact_data import BLOCKS as CONTACT_DATA
from rehearsal.connect.blocks.customers import BLOCKS as CUSTOMERS
from rehearsal.connect.blocks.deciding import BLOCKS as DECIDING
from rehearsal.connect.blocks.endings import BLOCKS as ENDINGS
from rehearsal.connect.blocks.functions import BLOCKS as FUNCTIONS
from rehearsal.connect.blocks.queueing import BLOCKS as QUEUEING
from rehearsal.connect.blocks.recording import BLOCKS as RECORDING
from rehearsal.connect.blocks.screens import BLOCKS as SCREENS
from rehearsal.connect.blocks.speaking import BLOCKS as SPEAKING
from rehearsal.connect.run import Block

BLOCKS: Final[dict[str, Block]] = {
    block.type: block
    for group in (
        SPEAKING, ASKING, BOTS, FUNCTIONS, DECIDING, CONTACT_DATA, RECORDING, QUEUEING, SCREENS, CUSTOMERS, ENDINGS,
    )
    for block in group
}  # fmt: skip
"""Every block type by name."""


def coverage() -> str:
    """The table of block types for the README, in markdown."""
    rows = ["| block type | how the rehearsal runs it | source |", "|---|---|---|"]
    for name in sorted(BLOCKS):
        block = BLOCKS[name]
        only = f" Only {' and '.join(block.channels).lower()}; elsewhere {block.elsewhere}." if block.channels else ""
        page = block.source.rpartition("/")[2]
        rows.append(f"| `{name}` | {block.how}{only} | [{page.removesuffix('.html')}]({block.source}) |")
    return "\n".join(rows)
