"""Keys: menus of one key, and input that is stored, perhaps encrypted.

Source: administrator guide, "Get customer input" and "Store customer input". Stored input that never begins leaves by
Success with the value `Timeout`; `*` deletes what was keyed in, unless the cancel key is disabled; the terminator is
`#` unless another sequence is given.
"""

from __future__ import annotations

from rehearsal.connect.blocks.speaking import asked, hears, prompt
from rehearsal.connect.events import Stored
from rehearsal.connect.inputs import Keys
from rehearsal.connect.run import ADMIN, VOICE, Block, Chose, Failed, Run, Steps, Success, TimeIsUp, Waiting

BETWEEN_KEYS = 5.0
"""Seconds between two keys where no block says otherwise."""
_COUNTRIES = {"US": "1", "CA": "1", "GB": "44", "DE": "49", "FR": "33", "ES": "34", "IT": "39", "NL": "31", "AU": "61"}
"""Calling codes for local numbers; a national number's leading zero falls away."""


def _input(run: Run) -> Steps:
    if not hears(run):
        return Failed("NoMatchingError", f"a {run.role} flow can't ask for keys")
    if run.text("StoreInput").lower() == "true":
        return (yield from _stored(run))
    return (yield from _menu(run))


def _menu(run: Run) -> Steps:
    seconds = run.number("InputTimeLimitSeconds", 5)
    if (failed := prompt(run, barge_in=True)) is not None:
        return failed
    asked(run, "key", seconds, maximum=1)
    while True:
        match (yield Waiting("key", seconds)):
            case Keys(digits) if digits:
                return Chose(digits[0])
            case TimeIsUp():
                return Failed("InputTimeLimitExceeded", "no key")
            case _:
                continue


def _stored(run: Run) -> Steps:
    first = run.number("InputTimeLimitSeconds", 5)
    between = run.number("DTMFConfiguration.InterdigitTimeLimitSeconds", BETWEEN_KEYS)
    end = run.text("DTMFConfiguration.InputTerminationSequence") or "#"
    cancels = run.text("DTMFConfiguration.DisableCancelKey").lower() != "true"
    phone = run.given("InputValidation.PhoneNumberValidation") is not None
    longest = int(run.number("InputValidation.CustomValidation.MaximumLength", 20))
    key_id, certificate = run.text("InputEncryption.EncryptionKeyId"), run.text("InputEncryption.Key")
    secret = run.given("InputEncryption") is not None
    if secret and not (key_id and certificate):
        return Failed("NoMatchingError", "no key to encrypt with")
    if (failed := prompt(run, barge_in=True)) is not None:
        return failed
    asked(run, "keys", first, encrypted=secret, maximum=longest)
    entered = ""
    while True:
        answer = yield Waiting("keys", between if entered else first)
        if isinstance(answer, TimeIsUp):
            break
        if not isinstance(answer, Keys):
            continue
        entered, done = _keyed(entered, answer.digits, end, longest, cancels=cancels)
        if done:
            return _kept(run, entered, key_id, certificate, secret=secret, phone=phone)
    if not entered:
        run.data.stored = "Timeout"
        run.emit(Stored(False, timed_out=True))
        return Success()
    return _kept(run, entered, key_id, certificate, secret=secret, phone=phone)


def _keyed(entered: str, pressed: str, end: str, longest: int, *, cancels: bool) -> tuple[str, bool]:
    """What is entered after these keys, and whether the input is over."""
    for key in pressed:
        if key == "*" and cancels and "*" not in end:
            entered = ""
            continue
        entered += key
        if entered.endswith(end):
            return entered.removesuffix(end), True
        # A longer terminator may have begun already, so its first keys don't count towards the length yet.
        begun = max((size for size in range(1, len(end)) if entered.endswith(end[:size])), default=0)
        if len(entered) - begun >= longest:
            return entered[:longest], True
    return entered, False


def _kept(run: Run, entered: str, key_id: str, certificate: str, *, secret: bool, phone: bool) -> Success | Failed:
    if phone:
        number = _number(run, entered)
        if number is None:
            return Failed("InvalidPhoneNumber", "no telephone number")
        entered = number
    run.data.stored = run.services.vault.encrypt(key_id, certificate, entered) if secret else entered
    run.emit(Stored(secret, timed_out=False))
    return Success()


def _number(run: Run, entered: str) -> str | None:
    digits = "".join(it for it in entered if it.isdigit())
    if run.text("InputValidation.PhoneNumberValidation.NumberFormat") == "Local":
        code = _COUNTRIES.get(run.text("InputValidation.PhoneNumberValidation.CountryCode").upper(), "1")
        if code == "1" and len(digits) != 10:
            return None
        digits = f"{code}{digits.removeprefix('0')}"
    return f"+{digits}" if 8 <= len(digits) <= 15 and digits == digits.lstrip("0") else None


BLOCKS = (
    Block(
        "GetParticipantInput",
        _input,
        "A menu of one key, or stored input with terminator, cancel key, time limits, length, telephone numbers and "
        "encryption.",
        f"{ADMIN}store-customer-input.html",
        VOICE,
    ),
)
