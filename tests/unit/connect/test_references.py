from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.connect.state import (
    LARGEST_ATTRIBUTES,
    AgentCard,
    ContactData,
    LexState,
    filled,
    is_reference,
    looked_up,
)


def data() -> ContactData:
    it = ContactData("id-1", "VOICE", "+15555550101", "+15555550100")
    it.attributes = {"name": "Ann", "from.id": "7", "two words": "2"}
    it.external = {"bill": {"amount": 12.5, "paid": False}, "items": [{"id": 1}, {"id": 2}], "none": None}
    it.lex = LexState("Pay", "Fulfilled", {"amount": "5"}, {"tl-next": "capture:card"})
    it.agent = AgentCard("arn:agent", "kim")
    it.queue, it.queue_name = "arn:queue", "Bills"
    it.stored = "1234"
    return it


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Hello $.Attributes.name!", "Hello Ann!"),
        ("$.Attributes.name.", "Ann."),
        ("$.Attributes['two words'] $['Attributes']['name']", "2 Ann"),
        ("$.Attributes.from.id", "7"),
        ('$.Attributes["name"]', "Ann"),
        ("$.External.bill.amount and $.External.bill.paid", "12.5 and false"),
        ("$.External.items[1].id$.External.items[9].id", "2"),
        ("$.External.bill", '{"amount": 12.5, "paid": false}'),
        ("[$.External.none]", "[]"),
        ("$.Attributes.unknown|", "|"),
        ("$.Lex.IntentName $.Lex.Slots.amount $.Lex.SessionAttributes.tl-next", "Pay 5 capture:card"),
        ("$.CustomerEndpoint.Address > $.SystemEndpoint.Address", "+15555550101 > +15555550100"),
        ("$.Channel $.ContactId $.InitialContactId", "VOICE id-1 id-1"),
        ("$.Queue.Name $.Agent.UserName $.StoredCustomerInput", "Bills kim 1234"),
        ("$.CustomerCallbackNumber", "+15555550101"),
        ("It costs $5 or $.50, $.Nothing.here", "It costs $5 or $.50, $.Nothing.here"),
    ],
)
def test_references_are_read_in_text(text: str, read: str) -> None:
    assert filled(text, data().tree()) == read


def test_a_reference_to_no_root_is_an_error_where_it_stands_alone() -> None:
    with pytest.raises(KeyError):
        looked_up("$.Nothing.here", data().tree())
    assert looked_up("$.Attributes.name.deeper", data().tree()) is None
    assert is_reference("$.Attributes.a") and not is_reference("$.Attributes.a b") and not is_reference("$")


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=40_000), max_size=4))
def test_attributes_are_set_all_or_none_at_32_kilobytes(values: dict[str, str]) -> None:
    it = data()
    before = dict(it.attributes)
    if it.set_attributes(values):
        assert it.attributes == before | values
    else:
        assert it.attributes == before
        assert (
            sum(len(key.encode()) + len(value.encode()) for key, value in values.items()) * 6 > LARGEST_ATTRIBUTES / 2
        )


@given(st.text())
def test_any_text_can_be_filled(text: str) -> None:
    assert isinstance(filled(text, data().tree()), str)
