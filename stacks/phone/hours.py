"""When people answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from aws_cdk.aws_connect import CfnHoursOfOperation
from constructs import Construct

from deployment.phone import OpenHours
from stacks.phone.instance import Centre

DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
"""As `datetime.date.weekday` counts them."""
ALWAYS: Final = OpenHours("UTC", "00:00-23:59", "00:00-23:59", "00:00-23:59")
"""For a business whose dialogue tells no hours."""

_Config = CfnHoursOfOperation.HoursOfOperationConfigProperty
_Slice = CfnHoursOfOperation.HoursOfOperationTimeSliceProperty


def hours(scope: Construct, centre: Centre, open_: OpenHours, holidays: Sequence[str]) -> CfnHoursOfOperation:
    """The hours of all queues, with a day off for each holiday."""
    return CfnHoursOfOperation(
        scope,
        "Hours",
        instance_arn=centre.arn,
        name=centre.name("hours"),
        description="When people answer",
        time_zone=open_.time_zone,
        config=[
            _Config(day=day, start_time=_slice(opens), end_time=_slice(closes))
            for day, span in zip(DAYS, _week(open_), strict=True)
            if span
            for opens, _, closes in [span.partition("-")]
        ],
        hours_of_operation_overrides=[_day(day, "CLOSED") for day in holidays] or None,
    )


def holiday_hours(
    scope: Construct, centre: Centre, open_: OpenHours, holidays: Sequence[str]
) -> CfnHoursOfOperation | None:
    """Hours that are open on holidays alone, by which a flow tells one from an evening; None without holidays."""
    if not holidays:
        return None
    return CfnHoursOfOperation(
        scope,
        "Holidays",
        instance_arn=centre.arn,
        name=centre.name("holidays"),
        description="Open on holidays, when nobody answers",
        time_zone=open_.time_zone,
        config=[],
        hours_of_operation_overrides=[_day(day, "OPEN") for day in holidays],
    )


def _week(open_: OpenHours) -> list[str | None]:
    return [*[open_.weekdays] * 5, open_.saturday, open_.sunday]


def _slice(time: str) -> CfnHoursOfOperation.HoursOfOperationTimeSliceProperty:
    hour, _, minute = time.partition(":")
    return _Slice(hours=int(hour), minutes=int(minute))


def _day(day: str, kind: str) -> CfnHoursOfOperation.HoursOfOperationOverrideProperty:
    """A whole day; of an override that says CLOSED, the hours are those in which nobody answers."""
    start, end = (
        CfnHoursOfOperation.OverrideTimeSliceProperty(hours=hour, minutes=minute) for hour, minute in ((0, 0), (23, 59))
    )
    return CfnHoursOfOperation.HoursOfOperationOverrideProperty(
        override_name=f"holiday-{day}",
        override_type=kind,
        effective_from=day,
        effective_till=day,
        override_config=[
            CfnHoursOfOperation.HoursOfOperationOverrideConfigProperty(
                day=DAYS[dt.date.fromisoformat(day).weekday()], start_time=start, end_time=end
            )
        ],
    )
