"""Where it runs: each stack is a parts list plus grants.

To add a function: a dataclass in `lambdas/settings.py`, a file with its `handler` under `lambdas/`, and a
`Function` in the stack whose part it is; then grant it, by name, what it needs.
"""

import os
import sys
from pathlib import Path

_node = Path(sys.executable).with_name("node")
if _node.exists():
    # CDK starts a Node process as it is imported: let it be this environment's, whatever is on the PATH.
    os.environ.setdefault("JSII_NODE", str(_node))

from aws_cdk import App as App  # noqa: E402
