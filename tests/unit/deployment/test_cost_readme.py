"""The README's figures are those that `throughline cost` computes."""

from __future__ import annotations

from pathlib import Path

from deployment import cost

ROOT = Path(__file__).resolve().parents[3]
BEGIN, END = "<!-- cost -->", "<!-- /cost -->"
MEND = "put the output of `throughline cost --markdown` there (after `make synth`)"


def test_the_readmes_table_of_costs_is_the_computed_one() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count(BEGIN) == readme.count(END) == 1, f"README.md lacks {BEGIN} and {END}, once each: {MEND}"
    table = readme.partition(BEGIN)[2].partition(END)[0].strip()
    assert table == cost.markdown(cost.read(ROOT / "cdk.out")), f"README.md's costs are out of date: {MEND}"
