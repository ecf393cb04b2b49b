"""What each Lambda function is told by its environment: one frozen dataclass a function.

The stacks fill it (`to_environment`) and the handler reads it (`from_environment`), so that a variable
which one of them needs and the other forgot is a type error while building, never a failure in production.
A field `skill_id` is the variable `SKILL_ID`. Every value is a string and none of them is a secret:
a secret is named here and fetched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Self


class SettingsMissing(LookupError):
    """A variable that the function cannot do without is not set: deploy it through the stacks."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A function's environment."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the fields from variables, e.g. `os.environ`; others are ignored.

        Raises SettingsMissing, naming every variable that has no default and is absent.
        """
        names = {field.name: field.name.upper() for field in fields(cls)}
        needed = {field.name for field in fields(cls) if field.default is MISSING}
        absent = sorted(names[name] for name in needed if names[name] not in environment)
        if absent:
            raise SettingsMissing(f"{cls.__name__} needs {', '.join(absent)} in the environment")
        return cls(**{name: environment[variable] for name, variable in names.items() if variable in environment})

    def to_environment(self) -> dict[str, str]:
        """The variables that `from_environment` reads back to an equal value."""
        return {field.name.upper(): getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class TurnSettings(Settings):
    """What any function needs that takes a customer's turn."""

    table: str
    """Name of the customers' table."""
    keys: str
    """ARN of the secret that addresses are hashed and pointers signed with."""
    ledger: str = ""
    """Name of the reference bank's ledger table; empty where another business runs."""
    service: str = "throughline"
    """What logs and metrics are kept under: the environment's prefix, since environments may share an account."""


@dataclass(frozen=True, slots=True)
class LexTurnSettings(TurnSettings):
    """The code hook of the Lex aliases `live` and `guest`."""


@dataclass(frozen=True, slots=True)
class AlexaTurnSettings(TurnSettings):
    """The Alexa skill's endpoint."""

    skill_id: str = ""
    """The one application id whose requests are answered; empty: none is."""
