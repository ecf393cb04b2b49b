"""Conditions: which of a block's branches its result takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from rehearsal.connect.errors import UnsupportedBlock
from rehearsal.connect.flows import Action, Condition
from rehearsal.connect.state import filled


def _numbers(test: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def holds(result: str, operand: str) -> bool:
        try:
            return test(float(result), float(operand))
        except ValueError:
            return False

    return holds


OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "Equals": lambda result, operand: result == operand,
    "TextStartsWith": lambda result, operand: result.startswith(operand),
    "TextEndsWith": lambda result, operand: result.endswith(operand),
    "TextContains": lambda result, operand: operand in result,
    "NumberGreaterThan": _numbers(lambda result, operand: result > operand),
    "NumberGreaterOrEqualTo": _numbers(lambda result, operand: result >= operand),
    "NumberLessThan": _numbers(lambda result, operand: result < operand),
    "NumberLessOrEqualTo": _numbers(lambda result, operand: result <= operand),
}
"""The operators of the flow language (developer guide, "Actions in the Flow language": list of operators)."""


def matching(action: Action, result: str, tree: Mapping[str, object], flow: str) -> Condition | None:
    """The first condition that holds. Raises UnsupportedBlock for an operator that the language doesn't have."""
    for it in action.conditions:
        test = OPERATORS.get(it.operator)
        if test is None:
            raise UnsupportedBlock(f"{action.type} with the operator {it.operator}", action.id, flow)
        if test(result, filled(it.operands[0], tree)):
            return it
    return None
