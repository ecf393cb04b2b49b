"""The AWS services that moto can play, on 127.0.0.1, set up from the synthesised assembly.

Tables with their streams, buckets, user pools, and the secret with the customers' keys, behind the door that lets
each function do what its role may do. What is in the tables can be written to a file and read back, so that a
rehearsal may go on where it was.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import botocore.session

from rehearsal.assembly import REGION, Assembly, FunctionSpec, TableSpec
from rehearsal.moto_paths import CLOCK, WRITTEN
from rehearsal.permissions.door import CONTROL, Asked, access_key, asked_from_json
from rehearsal.permissions.roles import Roles, read_roles
from rehearsal.table_stream import TableStream

CREDENTIALS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": "rehearsal",
    "AWS_SECRET_ACCESS_KEY": "rehearsal",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
}


_MAKING = Lock()


@cache
def _session() -> Any:  # botocore makes its clients' types at run time
    """One for all of this process: each new one reads and parses what botocore knows of every region anew."""
    return botocore.session.get_session()


def client(service: str, url: str) -> Any:  # botocore makes its clients' types at run time
    """A client of any service, at a stand-in's address; to be called from any thread."""
    with _MAKING:  # a session makes one at a time
        return _session().create_client(
            service,
            region_name=REGION,
            endpoint_url=url,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        )


class CloudError(RuntimeError):
    """The stand-in for AWS can't be used."""


class Cloud:
    """A running stand-in for AWS, as this rehearsal's functions see it."""

    def __init__(self, url: str, assembly: Assembly) -> None:
        self.url = url
        self._assembly = assembly
        self._here: dict[str, str] = {}
        self.roles = read_roles(assembly)
        """What the templates grant, with the ARNs that things have here; `admit` says what is in force."""
        self.dynamodb = self.client("dynamodb")
        self.secrets = self.client("secretsmanager")

    def client(self, service: str) -> Any:  # botocore makes its clients' types at run time
        """A client of any service that the stand-in plays."""
        return client(service, self.url)

    def create(self, key: str) -> None:
        """Make what the templates name; `key` is what Secrets Manager would have generated."""
        for table in self._assembly.tables:
            _create_table(self.dynamodb, table)
        buckets = list(self._assembly.resources.of_type("AWS::S3::Bucket"))
        for bucket in buckets:
            self.client("s3").create_bucket(Bucket=self._assembly.resources.ref(bucket))
        self._create_pools()
        self._create_keys()
        for arn in self._assembly.secrets:
            name = arn.rpartition(":secret:")[2].rpartition("-")[0]
            made = self.secrets.create_secret(Name=name, SecretString=json.dumps({"current": "1", "1": key}))
            self._here[arn] = made["ARN"]
        self.roles = self.roles.renamed(self._here)
        self.admit(self.roles)

    def _create_keys(self) -> None:
        """The keys that functions use themselves: the stand-in draws their ids."""
        told = {value for spec in self._assembly.functions for value in spec.environment.values()}
        for it in self._assembly.resources.of_type("AWS::KMS::Key"):
            arn = self._assembly.resources.attribute(it, "Arn")
            if arn in told:
                self._here[arn] = self.client("kms").create_key()["KeyMetadata"]["Arn"]

    def _create_pools(self) -> None:
        resources = self._assembly.resources
        pools = list(resources.of_type("AWS::Cognito::UserPool"))
        if not pools:
            return
        idp = self.client("cognito-idp")
        for it in pools:
            # By its mail address alone, as the pool of the templates has it; the rest of it nobody asks for here.
            made = idp.create_user_pool(PoolName=resources.named(it, "UserPoolName", 128), UsernameAttributes=["email"])
            self._here[resources.ref(it)] = made["UserPool"]["Id"]
        for it in resources.of_type("AWS::Cognito::UserPoolClient"):
            pool = self._here[str(resources.resolved(it, "UserPoolId"))]
            made = idp.create_user_pool_client(
                UserPoolId=pool, ClientName=resources.named(it, "ClientName", 128),
                GenerateSecret=bool(it.properties.get("GenerateSecret", False)),
            )  # fmt: skip
            self._here[resources.ref(it)] = made["UserPoolClient"]["ClientId"]

    def admit(self, roles: Roles) -> None:
        """From now on, let each function do what these allow it, and nothing else."""
        self._control("PUT", roles.to_json())

    def asked(self) -> tuple[Asked, ...]:
        """What functions asked of AWS so far, each once, with what became of it."""
        return asked_from_json(self._control("GET"))

    def forget(self) -> None:
        """Begin anew to note what is asked."""
        self._control("DELETE")

    def move_on(self, ahead: float) -> None:
        """Let the stand-in's own time be so many seconds ahead, for what bears a time: a sign-in's token."""
        self._put(CLOCK, str(ahead))

    def stream_of(self, table: str) -> TableStream:
        """The stream of a table, for all who follow it."""
        arn = self.dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"]
        return TableStream(self.client("dynamodbstreams"), arn)

    def written(self, known: int) -> int:
        """How often the tables' streams were written by now; waits for a moment for more than is known."""
        return int(self._put(WRITTEN, str(known)))

    def placed(self, spec: FunctionSpec) -> FunctionSpec:
        """The function as it runs here: with the names that things have here, and a key by which it is known."""
        own = {
            "AWS_ACCESS_KEY_ID": access_key(spec.logical_id),
            "AWS_SECRET_ACCESS_KEY": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        }
        arn = self.roles.aliases.get(spec.logical_id, "")
        return replace(spec, arn=arn, environment={**self.named_here(spec.environment), **own})

    def _put(self, path: str, body: str) -> str:
        request = urllib.request.Request(f"{self.url}{path}", body.encode(), method="PUT")  # noqa: S310 - our own process, on this machine
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            text: str = answer.read().decode()
        return text

    def _control(self, method: str, body: str = "") -> str:
        request = urllib.request.Request(f"{self.url}{CONTROL}", body.encode(), method=method)  # noqa: S310 - our own process, on this machine
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            text: str = answer.read().decode()
        return text

    def named_here(self, environment: Mapping[str, str]) -> dict[str, str]:
        """A function's environment with the names and ARNs that the stand-in gave: their endings are random."""
        return {name: self.here(value) for name, value in environment.items()}

    def here(self, text: str) -> str:
        """A text in which names and ARNs of the templates are those that things have here."""
        for there, here in self._here.items():
            text = text.replace(there, here)
        return text

    def environment(self) -> dict[str, str]:
        """What any function needs to find its AWS here; `placed` says who it is."""
        return {**CREDENTIALS, "AWS_ENDPOINT_URL": self.url}

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every item of every table."""
        return {
            table.name: [item for page in self._pages(table.name) for item in page["Items"]]
            for table in self._assembly.tables
        }

    def load(self, dumped: Mapping[str, list[dict[str, Any]]]) -> None:
        """Put items back; tables that are gone are left out."""
        for table in self._assembly.tables:
            for item in dumped.get(table.name, ()):
                self.dynamodb.put_item(TableName=table.name, Item=item)

    def _pages(self, table: str) -> Iterator[dict[str, Any]]:
        pages: Iterator[dict[str, Any]] = self.dynamodb.get_paginator("scan").paginate(TableName=table)
        return pages


class Starting:
    """The stand-in's process, which takes a second or two to come up: ask for it when it is needed."""

    def __init__(self, process: subprocess.Popen[str], assembly: Assembly, key: str) -> None:
        self._process = process
        self._assembly = assembly
        self._key = key

    def ready(self) -> Cloud:
        """Wait until it answers, and set it up. Raises CloudError if it doesn't come up."""
        url = self._process.stdout.readline().strip() if self._process.stdout is not None else ""
        if not url:
            raise CloudError("moto did not start: run `python -m rehearsal.moto_process` to see why")
        cloud = Cloud(url, self._assembly)
        cloud.create(self._key)
        return cloud


@contextmanager
def starting(assembly: Assembly, key: str | None = None) -> Iterator[Starting]:
    """Run the stand-in while the block lasts; `key` fixes the customers' key."""
    process = subprocess.Popen(
        [sys.executable, "-m", "rehearsal.moto_process"],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt at the terminal is for the rehearsal, which ends this itself
    )
    try:
        yield Starting(process, assembly, key or secrets.token_urlsafe(48))
    finally:
        process.kill()
        process.communicate()


def _create_table(client: Any, table: TableSpec) -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    client.create_table(
        TableName=table.name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in table.keys],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in table.keys],
        **({"StreamSpecification": stream} if table.streams else {}),
    )


def read_snapshot(path: Path) -> dict[str, Any]:
    """What an earlier rehearsal left; empty if nothing, or nothing readable."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_snapshot(path: Path, snapshot: Mapping[str, Any]) -> None:
    """Keep it for the next rehearsal, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(snapshot), "utf-8")
    fresh.replace(path)
