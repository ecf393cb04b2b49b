"""Reading the telephone's stack."""

from __future__ import annotations

from typing import Any

from tests.synth.conftest import Assembly, Resource

CONNECT = "AWS::Connect::"
INSTANCE = {"Fn::GetAtt": ["Instance", "Arn"]}


def phone(assembly: Assembly, kind: str) -> list[Resource]:
    return assembly.resources("Phone", f"{CONNECT}{kind}")


def one(assembly: Assembly, kind: str) -> Resource:
    (found,) = phone(assembly, kind)
    return found


def statements(assembly: Assembly, module: str) -> list[dict[str, Any]]:
    function = assembly.one("Phone", "AWS::Lambda::Function", Handler=f"{module}.handler")
    role = function.properties["Role"]["Fn::GetAtt"][0]
    policies = [it for it in assembly.resources("Phone", "AWS::IAM::Policy") if {"Ref": role} in it.properties["Roles"]]
    return [statement for it in policies for statement in it.properties["PolicyDocument"]["Statement"]]


def actions(statement: dict[str, Any]) -> list[str]:
    return statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]


def may(assembly: Assembly, module: str, prefix: str) -> set[str]:
    every = {action for it in statements(assembly, module) for action in actions(it)}
    return {action for action in every if action.startswith(prefix)}
