"""Customer Profiles and Cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from rehearsal.connect.errors import NoSuchResource
from rehearsal.connect.events import Noted
from rehearsal.connect.run import ADMIN, LANGUAGE, Block, Failed, Outcome, Run, Success


def _request(run: Run) -> dict[str, str]:
    values = run.texts("ProfileRequestData") | run.texts("CaseRequestFields")
    for name in ("CustomerId", "CaseId", "CaseTemplateId", "GetLastUpdatedCase"):
        if run.given(name) is not None:
            values[name] = run.text(name)
    return values


def _found(kind: str, none: str, several: str) -> Callable[[Run], Outcome]:
    def find(run: Run) -> Outcome:
        try:
            found: Sequence[Mapping[str, str]] = run.services.profiles.find(kind, _request(run))
        except NoSuchResource as missing:
            return Failed("NoMatchingError", str(missing))
        if not found:
            return Failed(none, "none was found")
        if len(found) > 1 and several:
            return Failed(several, f"{len(found)} were found")
        _hold(run, kind, found[0])
        return Success()

    return find


def _kept(kind: str) -> Callable[[Run], Outcome]:
    def keep(run: Run) -> Outcome:
        request = _request(run)
        if kind == "profile" and "ProfileId" in run.data.profile:
            request.setdefault("ProfileId", run.data.profile["ProfileId"])
        try:
            kept = run.services.profiles.keep(kind, request)
        except NoSuchResource as missing:
            return Failed("NoMatchingError", str(missing))
        _hold(run, kind, kept)
        return Success()

    return keep


def _hold(run: Run, kind: str, values: Mapping[str, str]) -> None:
    if kind == "case":
        run.data.case |= values
    else:
        run.data.profile |= values
    run.emit(Noted(kind, dict(values)))


_PROFILES = f"{ADMIN}customer-profiles-block.html"
_CASES = f"{ADMIN}cases-block.html"
_HOW = "Asks the rehearsal's profiles; without any, as in an instance that hasn't enabled them, the error branch."
BLOCKS = (
    Block("GetCustomerProfile", _found("profile", "NoneFoundError", "MultipleFoundError"), _HOW, _PROFILES),
    Block("GetCustomerProfileObject", _found("object", "NoneFoundError", ""), _HOW, _PROFILES),
    Block("GetCalculatedAttributesForCustomerProfile", _found("calculated", "NoneFoundError", ""), _HOW, _PROFILES),
    Block("CreateCustomerProfile", _kept("profile"), _HOW, _PROFILES),
    Block("UpdateCustomerProfile", _kept("profile"), _HOW, _PROFILES),
    Block("AssociateContactToCustomerProfile", _kept("association"), _HOW, _PROFILES),
    Block("GetCase", _found("case", "NoneFound", "MultipleFound"), _HOW, f"{LANGUAGE}getcase.html"),
    Block("CreateCase", _kept("case"), _HOW, _CASES),
    Block("UpdateCase", _kept("case"), _HOW, _CASES),
)
