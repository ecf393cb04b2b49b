"""From authored YAML to what runs: one checked model, three platforms.

`load` reads and checks a folder; the rest turn its `Source` into the runtime's JSON, the Lex bots and the
Alexa interaction model. Nothing here runs in production.
"""

from __future__ import annotations

from compiler.alexa import alexa_model
from compiler.alexa_manifest import alexa_manifest
from compiler.editors import schema
from compiler.lex import lex_bot
from compiler.load import load
from compiler.outputs import compiled, write, write_schema
from compiler.problems import Problem, Problems, Severity
from compiler.runtime import compile_runtime
from compiler.source import Source
from compiler.telephone_shapes import Telephone

__all__ = [
    "Problem",
    "Problems",
    "Severity",
    "Source",
    "Telephone",
    "alexa_manifest",
    "alexa_model",
    "compile_runtime",
    "compiled",
    "lex_bot",
    "load",
    "schema",
    "write",
    "write_schema",
]
