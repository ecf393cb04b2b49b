"""Why AWS gave no answer, in words that say what to do; AWS's own message may name what is nobody's business."""

from __future__ import annotations

from enum import StrEnum

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 -- botocore's own
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from deployment.doctor.call import Call

_REASONS = {
    "denied": (
        "AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException",
        "NotAuthorized", "UnauthorizedException", "UnauthorizedOperation",
    ),
    "throttled": (
        "RequestLimitExceeded", "RequestThrottled", "SlowDown", "Throttling", "ThrottlingException",
        "ThrottledException", "TooManyRequestsException",
    ),
    "expired": ("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
    "unrecognised": (
        "AuthFailure", "InvalidAccessKeyId", "InvalidClientTokenId", "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    ),
    "not enabled": ("OptInRequired", "RegionDisabledException", "SubscriptionRequiredException"),
    "absent": (
        "NoSuchResourceException", "NotFoundException", "ParameterNotFound", "ResourceNotFound",
        "ResourceNotFoundException",
    ),
}  # fmt: skip
"""AWS's error codes, which differ between its services, by what they mean."""


class Why(StrEnum):
    """What stood between the doctor and an answer."""

    DENIED = "denied"
    THROTTLED = "throttled"
    EXPIRED = "expired"
    UNRECOGNISED = "unrecognised"
    NOT_ENABLED = "not enabled"
    ABSENT = "absent"
    """AWS answered: there is no such thing."""
    NO_CREDENTIALS = "no credentials"
    SILENT = "silent"
    """No connection, or none in time."""
    OTHER = "other"


class Unanswered(Exception):
    """A call brought no answer."""

    def __init__(self, call: Call, why: Why, told: str, mend: str) -> None:
        super().__init__(told)
        self.call = call
        self.why = why
        self.told = told
        """What happened, in a clause."""
        self.mend = mend
        """What to do about it."""


def unanswered(call: Call, error: ClientError | BotoCoreError) -> Unanswered:
    """Translate what botocore raised for the call."""
    if isinstance(error, ClientError):
        code = str(error.response.get("Error", {}).get("Code", "")).removeprefix("com.amazonaws.")
        why = next((Why(reason) for reason, codes in _REASONS.items() if code in codes), Why.OTHER)
        guarded = "explicit deny" in str(error)
        return Unanswered(call, why, *_words(call, why, code, guarded=guarded))
    if isinstance(error, NoCredentialsError | PartialCredentialsError | ProfileNotFound):
        return Unanswered(call, Why.NO_CREDENTIALS, "no credentials", SIGN_IN)
    if isinstance(error, SSOError | TokenRetrievalError):
        return Unanswered(call, Why.EXPIRED, *_words(call, Why.EXPIRED, ""))
    if isinstance(error, CredentialRetrievalError):
        return Unanswered(call, Why.NO_CREDENTIALS, "no credentials: their source failed", SIGN_IN)
    why = Why.SILENT if isinstance(error, HTTPClientError | ConnectionError) else Why.OTHER
    return Unanswered(call, why, *_words(call, why, type(error).__name__))


SIGN_IN = "sign in (`aws sso login --profile NAME`, then AWS_PROFILE or --profile), and run it again"


def _words(call: Call, why: Why, code: str, *, guarded: bool = False) -> tuple[str, str]:
    again = "look at the network and at https://health.aws.amazon.com, and run it again"
    if why is Why.DENIED and guarded:
        return (
            f"not permitted: a policy denies {call.action} explicitly",
            f"ask whoever keeps the organisation's policies to let {call.action} pass",
        )
    return {
        Why.DENIED: (
            f"not permitted: needs {call.action}",
            f"grant {call.action}; `throughline doctor --policy` prints all that the doctor needs",
        ),
        Why.THROTTLED: (f"AWS throttled {call.action}", "run it again in a minute"),
        Why.EXPIRED: ("the credentials have expired", SIGN_IN),
        Why.UNRECOGNISED: ("AWS does not recognise the credentials", SIGN_IN),
        Why.NOT_ENABLED: (
            f"the account is not enabled for {call.service} in this region",
            "finish the account's sign-up, or enable the region: `aws account enable-region --region-name REGION`",
        ),
        Why.ABSENT: (f"{call.action} found nothing", "run it again"),
        Why.SILENT: (f"no answer from {call.service} in this region ({code})", again),
    }.get(why, (f"{call.action} failed ({code or 'without a code'})", again))
