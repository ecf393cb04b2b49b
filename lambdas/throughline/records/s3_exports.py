"""Exports in an S3 bucket, under unguessable names, for the days of the bucket's lifecycle.

Presigning asks nobody: the URL is signed with the function's own credentials and opens for as long as it says, or
until those credentials end (Amazon S3 user guide, "Sharing objects with presigned URLs").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar, cast

from botocore.exceptions import BotoCoreError, ClientError

from throughline.errors import StoreError, StoreUnavailable

PREFIX: Final = "exports/"
FILES: Final = ("data.json", "page.html")
T = TypeVar("T")


class S3Client(Protocol):
    """What is used of botocore's client of Amazon S3."""

    def put_object(self, **request: Any) -> Any:
        """Put an object."""

    def delete_object(self, **request: Any) -> Any:
        """Delete an object."""

    def generate_presigned_url(self, operation: str, **request: Any) -> str:
        """Sign a URL, without a call."""


def s3_client(region: str | None = None, endpoint: str | None = None) -> S3Client:
    """A client that signs by SigV4, as a bucket under a customer-managed key demands."""
    import botocore.session
    from botocore.config import Config

    config = Config(
        connect_timeout=1.0,
        read_timeout=10.0,
        retries={"total_max_attempts": 3, "mode": "standard"},
        signature_version="s3v4",
        # Left to itself, a presigned URL names the global host, which redirects for a new bucket elsewhere.
        s3={"addressing_style": "virtual"},
    )
    session = botocore.session.get_session()
    return cast("S3Client", session.create_client("s3", region_name=region, endpoint_url=endpoint, config=config))


class S3Exports:
    """The shelf of exports in the bucket of that name."""

    def __init__(self, client: Callable[[], S3Client], bucket: str) -> None:
        """`client` gives the client; it is asked at first use, since most turns need none."""
        self._client = client
        self._bucket = bucket

    def put(self, id: str, name: str, text: str, content_type: str) -> None:
        """See `ExportShelf.put`."""
        body = text.encode()
        _tried(
            lambda: self._client().put_object(
                Bucket=self._bucket, Key=_key(id, name), Body=body, ContentType=content_type, CacheControl="no-store"
            )
        )

    def remove(self, id: str) -> None:
        """See `ExportShelf.remove`. Deleting what isn't there succeeds in S3."""
        for name in FILES:
            _tried(lambda: self._client().delete_object(Bucket=self._bucket, Key=_key(id, name)))  # noqa: B023

    def link(self, id: str, seconds: int) -> str:
        """See `ExportShelf.link`."""
        params = {"Bucket": self._bucket, "Key": _key(id, "page.html")}
        return _tried(lambda: self._client().generate_presigned_url("get_object", Params=params, ExpiresIn=seconds))


def _key(id: str, name: str) -> str:
    return f"{PREFIX}{id}/{name}"


def _tried(request: Callable[[], T]) -> T:
    """`request()`, its failures with our meaning. Raises StoreError, StoreUnavailable."""
    try:
        return request()
    except ClientError as problem:
        status = problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        kind = StoreUnavailable if status >= 500 else StoreError
        code = problem.response["Error"].get("Code", "unknown")
        raise kind(f"the exports' bucket refused: {code}. Check its name, the role and the key") from None
    except BotoCoreError as problem:
        raise StoreUnavailable(f"the exports' bucket can't be reached: {type(problem).__name__}") from None
