"""What every customer store must do: one suite for the fake, for moto and for DynamoDB Local."""

from __future__ import annotations

from tests.unit.customers.addresses_contract import AddressesContract
from tests.unit.customers.relinking_contract import RelinkingContract
from tests.unit.customers.turns_contract import TurnsContract


class StoreContract(TurnsContract, AddressesContract, RelinkingContract):
    """Inherit from it and give a fixture `rig`."""
