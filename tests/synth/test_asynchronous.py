"""A function that is called without waiting loses nothing."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, sys
from stacks import App
from aws_cdk.assertions import Template
from deployment import Environment
from settings import LexTurnSettings
from stacks.customers import Customers
from stacks.function import Function

app = App()
customers = Customers(app, "Customers", environment=Environment())
Function(
    customers, "Late", environment=Environment(), module="lex_turn", does="Takes its time",
    settings=LexTurnSettings(table="t", keys="k"), key=customers.key, timeout_seconds=10, asynchronous=True,
)
json.dump(Template.from_stack(customers).to_json(), sys.stdout)
"""


def test_what_an_asynchronous_function_can_not_take_waits_in_an_encrypted_queue() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    resources = json.loads(done.stdout)["Resources"]
    ((queue, it),) = [(id, r) for id, r in resources.items() if r["Type"] == "AWS::SQS::Queue"]
    assert "Key" in str(it["Properties"]["KmsMasterKeyId"])
    (invoked,) = [r["Properties"] for r in resources.values() if r["Type"] == "AWS::Lambda::EventInvokeConfig"]
    assert invoked["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": [queue, "Arn"]}
    (policy,) = [r["Properties"] for id, r in resources.items() if id.startswith("LateRoleDefaultPolicy")]
    sends = [s for s in policy["PolicyDocument"]["Statement"] if "sqs:SendMessage" in s["Action"]]
    assert [statement["Resource"] for statement in sends] == [{"Fn::GetAtt": [queue, "Arn"]}]
