"""What each setting's value must be like beyond its kind.

Each function returns the value as it came, or raises ValueError with a message that says how to mend it.
"""

from __future__ import annotations

import re

from compiler.problems import did_you_mean
from deployment.settings_secrets import looks_secret, shown
from throughline.customers.rotation import FOUND_FOR
from throughline.customers.rules import DAY
from throughline.customers.rules import Retention as Customers

FUNCTIONS = ("lex_turn", "alexa_turn")
"""Whose concurrency can be set."""
LOGS_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""What CloudWatch Logs offers: `Days` in botocore's model of PutRetentionPolicy."""
CUSTOMER_DAYS = Customers().proved // DAY
"""For how long a silent customer is kept."""
ROTATE_DAYS = -(-CUSTOMER_DAYS // FOUND_FOR)
"""The fewest days between two rotations for which no root goes before whoever was last heard from under it."""
MOST_ROTATE_DAYS = 1000
"""`AutomaticallyAfterDays` in botocore's model of Secrets Manager."""
ALEXA_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "ap-northeast-1")
"""Where Alexa invokes functions: "Host a Custom Skill as an AWS Lambda Function", Alexa Skills Kit documentation."""
NAME_LENGTH = 12
NAME = re.compile(r"[a-z][a-z0-9]*")
"""No hyphen: it ends the environment's name in every other name, and in the patterns of keys' and topics' policies."""
_PRODUCTION = re.compile(r"prod(?!uct)|production")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
SKILL = re.compile(r"amzn1\.ask\.skill\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SECRET_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
"""`Name` in botocore's model of Secrets Manager's CreateSecret."""
TABLE = re.compile(r"[a-zA-Z0-9_.-]{3,255}")
"""`TableName` in botocore's model of DynamoDB."""
STREAM = re.compile(
    r"arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[a-zA-Z0-9_.-]{3,255}/stream/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+"
)
"""A stream's ARN, as "Service Authorization Reference" has it for DynamoDB; its label is the time of its making."""
ORIGINATION = re.compile(r"(phone|pool)-[0-9a-zA-Z_-]{1,64}")
"""Ids that AWS End User Messaging gives: `PhoneNumberId` and `PoolId` in botocore's model of PinpointSMSVoiceV2."""
COUNTRY = re.compile(r"US|CA|\+(1([2-9][0-9]{2})?|7|[2-689][0-9]{1,2})")
"""The USA and Canada, told apart by area; else a calling code (ITU-T E.164, list of assigned country codes): +1 and +7
are whole, +1 may have an area code behind it, all others have two or three digits."""
PROTECT = re.compile(r"protect-[0-9a-zA-Z_-]{1,64}")
"""`ProtectConfigurationId` in botocore's model of PinpointSMSVoiceV2."""
_URL = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\s#]*)?|http://localhost(:[0-9]+)?(/[^\s#]*)?")
_URL_LENGTH = 1024
"""`RedirectUrlType` in botocore's model of Cognito."""
TAG_KEY_LENGTH, TAG_VALUE_LENGTH, TAGS = 128, 256, 50
"""CloudFormation API reference, `Tag`; and the most tags of a stack."""
_TAG = re.compile(r"[\w\s.:/=+@-]*")
_MAIL = re.compile(r"[^\s@,;<>()\[\]\"]+@[^\s@,;<>()\[\]\".]+(\.[^\s@,;<>()\[\]\".]+)+")
_MAIL_LENGTH = 254
_ZONE = re.compile(rf"({REGION.pattern})[a-z]")
_CONTENT = "JSON with client_id, client_secret and refresh_token"
_INSTEAD = (
    f"Put the secret itself into Secrets Manager, as {_CONTENT}, "
    "and write its name here. If this was the secret, draw a new one: whoever reads the file has it"
)


def name(value: str) -> str:
    """An environment's name."""
    if NAME.fullmatch(value) and len(value) <= NAME_LENGTH:
        return value
    wrong = f"{shown(value)} can't be an environment's name. "
    wanted = f"Use at most {NAME_LENGTH} lower-case letters and digits, beginning with a letter"
    first = value.partition("-")[0]
    if "-" in value and NAME.fullmatch(first) and len(first) <= NAME_LENGTH:
        raise ValueError(
            f"{wrong}{wanted}, and no hyphen: an environment `{first}` calls what is its own throughline-{first}-…, "
            f"so names of the two could be the same, and permissions of `{first}` would reach what is the other's."
        )
    raise ValueError(f"{wrong}{wanted}: it is part of every name in the account.")


def is_production(name: str) -> bool:
    """Whether an environment's name says that customers use it.

    It does if it begins with `prod`, as prod, prod2, prodeu and production do. Of the words that go on with `product`,
    such as product and products, only production does. In doubt it does: the price is a file that must be renamed.
    """
    return _PRODUCTION.match(name) is not None


def account(value: str) -> str:
    """An AWS account's twelve digits."""
    if re.fullmatch(r"[0-9]{12}", value):
        return value
    if not value:
        raise ValueError("`account` is empty. Leave it out to deploy to the credentials' own account.")
    if re.fullmatch(r"[0-9]{9,11}", value):
        raise ValueError(
            f"an account has twelve digits, this has {len(value)}. If it begins with 0, a program took it for a "
            'number and dropped that: write all twelve digits in quotes, as in "0…".'
        )
    raise ValueError(f"{shown(value)} is not an account. Write its twelve digits in quotes, without spaces or hyphens.")


def region(value: str) -> str:
    """A region's code."""
    if REGION.fullmatch(value):
        return value
    if not value:
        raise ValueError("`region` is empty. Leave it out to deploy to the region of the credentials' profile.")
    zone = _ZONE.fullmatch(value)
    if zone:
        raise ValueError(f"{shown(value)} is an availability zone. Write its region, `{zone[1]}`.")
    raise ValueError(f"{shown(value)} is not a region. Write its code, such as us-east-1.")


def logs_days(value: int) -> int:
    """Days that CloudWatch Logs can keep."""
    if value in LOGS_DAYS:
        return value
    near = sorted(sorted(LOGS_DAYS, key=lambda days: abs(days - value))[:2])
    raise ValueError(
        f"CloudWatch Logs can't keep logs for {shown(value)} days. "
        f"Take {near[0]} or {near[1]}; it offers {', '.join(map(str, LOGS_DAYS))}."
    )


def rotate_keys_days(value: int) -> int:
    """Days between rotations, so many that an address is found for as long as its customer is kept; or 0."""
    if value == 0 or ROTATE_DAYS <= value <= MOST_ROTATE_DAYS:
        return value
    if value > MOST_ROTATE_DAYS:
        raise ValueError(
            f"Secrets Manager rotates every {MOST_ROTATE_DAYS} days at the least, not every {shown(value)}. "
            f"Take {ROTATE_DAYS} to {MOST_ROTATE_DAYS}, or 0 for never by itself."
        )
    raise ValueError(
        f"An address is found for {FOUND_FOR} rotations after it was last heard from, and a customer is kept for "
        f"{CUSTOMER_DAYS} days: with {shown(value)} days between rotations, whoever was silent for a while would begin "
        f"anew. Take {ROTATE_DAYS} to {MOST_ROTATE_DAYS}, or 0 for never by itself."
    )


def restored_table(value: str) -> str:
    """A DynamoDB table's name, or nothing."""
    if not value or TABLE.fullmatch(value):
        return value
    if value.startswith("arn:"):
        raise ValueError("`restored_table` wants the table's name, not its ARN. Write what comes after `table/`.")
    raise ValueError(
        f"{shown(value)} is not a table's name. Write the one that the restored table was given: 3 to 255 letters, "
        'digits, _ . and -; or leave it empty ("") to use the table that was made with the stack.'
    )


def restored_stream(value: str) -> str:
    """The ARN of a DynamoDB table's stream, or nothing."""
    if not value or STREAM.fullmatch(value):
        return value
    raise ValueError(
        f"{shown(value)} is not a stream's ARN. Copy it from `aws dynamodb describe-table --table-name …`, "
        "`LatestStreamArn`: arn:aws:dynamodb:, region, account, :table/, the table's name, /stream/ and a time."
    )


def function(value: str) -> str:
    """A function of ours."""
    if value in FUNCTIONS:
        return value
    raise ValueError(f"there is no function {shown(value)} whose concurrency is set. {did_you_mean(value, FUNCTIONS)}")


def skill_id(value: str) -> str:
    """An Alexa skill's id, or nothing yet."""
    if not value or SKILL.fullmatch(value):
        return value
    raise ValueError(
        f"{shown(value)} is not a skill's id. Copy it from the Alexa developer console: amzn1.ask.skill. "
        "and 32 hexadecimal digits in five groups."
    )


def vendor_id(value: str) -> str:
    """A developer account's vendor id."""
    if re.fullmatch(r"[A-Za-z0-9]{6,32}", value):
        return value
    raise ValueError(
        f"{shown(value)} is not a vendor id. Copy it from developer.amazon.com, Settings, My IDs: letters and digits."
    )


def login_secret(value: object) -> str:
    """The name of a secret. Messages never hold the value, which may be the secret itself."""
    if not isinstance(value, str):
        raise ValueError(f"`login_secret` wants a secret's name, not {shown(value)}. {_INSTEAD}.")
    if not value.strip():
        raise ValueError(f"`login_secret` is empty. Write the name of a secret in Secrets Manager: {_CONTENT}.")
    if looks_secret(value):
        raise ValueError(f"`login_secret` holds what looks like a secret, not a secret's name. {_INSTEAD}.")
    if value.startswith("arn:"):
        raise ValueError("`login_secret` wants the secret's name, not its ARN. Write what comes after `secret:`.")
    if not SECRET_NAME.fullmatch(value):
        raise ValueError(f"`login_secret` holds what can't be a secret's name (letters, digits, /_+=.@-). {_INSTEAD}.")
    return value


def email(value: str) -> str:
    """An e-mail address, as far as its looks go."""
    if _MAIL.fullmatch(value) and len(value) <= _MAIL_LENGTH:
        return value
    raise ValueError(f"{shown(value)} is not an e-mail address. Write one as in name@example.com.")


def sms_from(value: str) -> str:
    """The id of what text messages are sent from, or nothing."""
    if not value or ORIGINATION.fullmatch(value):
        return value
    raise ValueError(
        f"{shown(value)} is no origination identity's id. Copy it from AWS End User Messaging: `phone-` or `pool-` and "
        "what follows, not the number itself and not the ARN."
    )


def sms_protect(value: str) -> str:
    """The id of a protect configuration, or nothing."""
    if not value or PROTECT.fullmatch(value):
        return value
    raise ValueError(
        f"{shown(value)} is no protect configuration's id. Copy it from AWS End User Messaging: `protect-` and what "
        "follows, not the ARN."
    )


def country(value: str) -> str:
    """A country that codes are texted to."""
    if COUNTRY.fullmatch(value):
        return value
    raise ValueError(
        f"{shown(value)} is no country that codes are texted to. Write US or CA, or a calling code with its plus and "
        'in quotes, as in "+44" for the United Kingdom or "+1787" for Puerto Rico.'
    )


def email_from(value: str) -> str:
    """An e-mail address, or nothing."""
    return email(value) if value else value


def callback_url(value: str) -> str:
    """Where Cognito may send a browser back to."""
    if _URL.fullmatch(value) and len(value) <= _URL_LENGTH:
        return value
    raise ValueError(
        f"{shown(value)} is no address to come back to. Write it as in https://www.example.com/signed-in, without "
        "a fragment; http is for http://localhost alone."
    )


def tag_key(value: str) -> str:
    """A tag's key."""
    if value.lower().startswith("aws:"):
        raise ValueError(f"the tag {shown(value)} begins with aws:, which AWS keeps for itself. Call it otherwise.")
    if not 1 <= len(value) <= TAG_KEY_LENGTH:
        raise ValueError(f"a tag's key has 1 to {TAG_KEY_LENGTH} characters, this has {len(value)}. Shorten it.")
    return _tag(value, "key")


def tag_value(value: str) -> str:
    """A tag's value."""
    if looks_secret(value):
        raise ValueError("this tag's value looks like a secret, and everybody in the account reads tags. Take it out.")
    if not 1 <= len(value) <= TAG_VALUE_LENGTH:
        raise ValueError(
            f"a tag's value has 1 to {TAG_VALUE_LENGTH} characters, this has {len(value)}. "
            f"{'Shorten it' if value else 'Write something, or leave the tag out'}."
        )
    return _tag(value, "value")


def _tag(value: str, part: str) -> str:
    if _TAG.fullmatch(value):
        return value
    raise ValueError(
        f"the tag's {part} {shown(value)} holds what AWS forbids. Use letters, digits, spaces and _.:/=+-@ only."
    )
