"""Where and how the system is deployed: its settings, what it costs, whether an account is ready for it.

Nothing here runs in production.
"""

from __future__ import annotations

from deployment.environment import Environment
from deployment.load import load
from deployment.settings_schema import schema, write_schema

__all__ = ["Environment", "load", "schema", "write_schema"]
