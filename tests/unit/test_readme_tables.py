"""The README's tables are what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from rehearsal.connect.blocks import coverage
from stacks.phone import permissions
from telephony.contact_centre import FLOWS
from throughline.desk import matrix
from throughline.records import retention

README = Path(__file__).resolve().parents[2] / "README.md"
TABLES = {
    "teams": matrix.markdown(),
    "kept": retention.markdown(retention.rows()),
    "lives-on": retention.markdown(retention.LIVES_ON),
    "blocks": coverage(),
    "profiles": permissions.markdown(),
}


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_shows_the_table_that_the_code_makes(name: str) -> None:
    text = README.read_text("utf-8")
    shown = text.split(f"<!-- {name} -->")[1].split(f"<!-- /{name} -->")[0].strip()
    assert shown == TABLES[name].strip()


def test_the_readme_tells_of_every_flow_and_of_no_other() -> None:
    table = README.read_text("utf-8").split("<!-- flows -->")[1].split("<!-- /flows -->")[0]
    told = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert sorted(told) == sorted(FLOWS)
