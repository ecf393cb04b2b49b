"""A stand-in for a core banking system: invented customers, and the faults that a real one has."""

from bank.fake.core import FakeCore

__all__ = ["FakeCore"]
