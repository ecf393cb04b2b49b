"""The dashboard for the wall: how customers fare, how fast and how sound it runs, what it roughly costs.

Figures come from metrics where alarms need one anyway, and from the log lines otherwise. Its place in the
bill: a dashboard costs by the month, a log widget by the gigabyte that it reads each time it is looked at
(Amazon CloudWatch pricing).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aws_cdk import Duration, Stack
from aws_cdk.aws_cloudwatch import (
    AlarmStatusWidget,
    Dashboard,
    GraphWidget,
    GraphWidgetView,
    HorizontalAnnotation,
    IAlarm,
    IMetric,
    IWidget,
    LogQueryVisualizationType,
    LogQueryWidget,
    MathExpression,
    Metric,
    SingleValueWidget,
    TextWidget,
    YAxisProps,
)

from deployment import Environment
from deployment.estimate import turn_usd
from stacks.function import Function
from stacks.queries import COLD_STARTS, CONTAINMENT, HANDOVERS, KINDS_OF_FAILURE, NOT_UNDERSTOOD, SENTIMENT, Query
from telemetry import COUNTED, FAILURES, NAMESPACE, TURN_TIME

CHANNELS: Final = {"lex": "Phone and Lex", "alexa": "Smart speaker"}
"""What a turn's channel is called on the wall; one that is missing here goes by its own name."""
COSTS: Final = {**CHANNELS, "lex": "Lex, as if typed"}
"""The same beside an estimated cost, which tells no spoken turn from a typed one and knows of no telephone."""
NOT_UNDERSTOOD_MOST: Final = 10
"""Turns in a hundred, of a channel, that may not be understood while all is well."""
SILENCE_MOST: Final = 5
"""Turns in a hundred in which nothing is said."""
PERIOD: Final = Duration.minutes(5)
SAMPLES: Final = "SampleCount"
"""A metric's sample count is the number of turns that have it."""


def metric(environment: Environment, name: str, statistic: str, *, channel: str = "") -> Metric:
    """One of telemetry's metrics: of a channel, or of the service as a whole."""
    dimensions = {"service": environment.prefix, **({"channel": channel} if channel else {})}
    return Metric(
        namespace=NAMESPACE,
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=PERIOD,
        label=CHANNELS.get(channel, channel) or None,
    )


def build(
    scope: Stack, environment: Environment, functions: Mapping[str, Function], alarms: Sequence[IAlarm]
) -> Dashboard:
    """The dashboard of an environment whose `functions` are given by their channels."""
    wall = _Wall(environment, functions)
    board = Dashboard(scope, "Dashboard", dashboard_name=environment.prefix, default_interval=Duration.hours(24))
    for row in wall.rows(alarms):
        board.add_widgets(*row)
    return board


class _Wall:
    """Makes the widgets; holds what they all need."""

    def __init__(self, environment: Environment, functions: Mapping[str, Function]) -> None:
        self._environment = environment
        self._functions = functions
        self._channels = list(functions)

    def rows(self, alarms: Sequence[IAlarm]) -> list[list[IWidget]]:
        status = [AlarmStatusWidget(title="Alarms", alarms=list(alarms), width=8, height=5)] if alarms else []
        return [
            [self._guide(width=24 - 8 * len(status)), *status],
            [self._now()],
            [self._turns(), self._missed(), self._people()],
            [
                self._asked("Contained: no person was needed", CONTAINMENT),
                self._asked("Hand-overs by reason", HANDOVERS, LogQueryVisualizationType.BAR),
                self._sentiment(),
            ],
            [self._latency(), self._failures(), self._throttles()],
            [
                self._asked("Where nobody understood", NOT_UNDERSTOOD),
                self._asked("What fails", KINDS_OF_FAILURE),
                self._asked("Cold starts", COLD_STARTS),
            ],
            [self._cost(), self._backend()],
        ]

    # -- words and numbers -------------------------------------------------------------------------

    def _guide(self, width: int) -> IWidget:
        slow = self._environment.watched.slow_turn_milliseconds
        return TextWidget(
            width=width,
            height=5,
            markdown=(
                f"# {self._environment.prefix}\n"
                f"**Good looks like this:** fallback below {NOT_UNDERSTOOD_MOST} % and no-input below {SILENCE_MOST} % "
                "of turns on every channel; four of five customers a day need no person; "
                "negative utterances are the smallest part; "
                f"half of the turns take less than 200 ms, the slowest hundredth less than {slow} ms; failures, "
                "errors and throttles are flat at zero. \n\n"
                "A *turn* is one utterance with its reply. *Contained* counts customers by day: one who changes the "
                "channel is one. The *cost* is an estimate: turns times a text turn's price in us-east-1, "
                "whether typed or spoken, without telephone minutes; `throughline cost` says more. "
                f"Ask further with the saved queries `{self._environment.prefix}/…` in CloudWatch Logs Insights."
            ),
        )

    def _now(self) -> IWidget:
        p50, p99 = self._percentile("p50"), self._percentile("p99")
        return SingleValueWidget(
            title="In the time chosen",
            width=24,
            height=4,
            set_period_to_time_range=True,
            metrics=[
                self._sum("turns", "Turns", TURN_TIME),
                self._rate("Not understood, %", "not_understood"),
                self._rate("Silence, %", "silence"),
                self._sum("handed", "Handed to a person", COUNTED["handover"]),
                self._sum("tasks", "Tasks done", COUNTED["done"]),
                p50,
                p99,
                self._overall_failures(),
                self._estimate("usd", "Cost, USD (estimate, as if typed)"),
            ],
        )

    # -- graphs ------------------------------------------------------------------------------------

    def _turns(self) -> IWidget:
        each = [metric(self._environment, TURN_TIME, SAMPLES, channel=channel) for channel in self._channels]
        return self._graph("Turns by channel", each, stacked=True)

    def _missed(self) -> IWidget:
        return self._graph(
            "Not understood and silence, % of turns",
            [
                self._rate(f"{CHANNELS.get(channel, channel)}: {words}", event, [channel])
                for channel in self._channels
                for event, words in (("not_understood", "not understood"), ("silence", "silence"))
            ],
            bounds=[
                (NOT_UNDERSTOOD_MOST, f"Not understood: at most {NOT_UNDERSTOOD_MOST} %"),
                (SILENCE_MOST, f"Silence: at most {SILENCE_MOST} %"),
            ],
        )

    def _people(self) -> IWidget:
        return self._graph(
            "Tasks done and hand-overs",
            [
                self._sum("tasks", "Tasks done", COUNTED["done"]),
                self._sum("handed", "Handed to a person", COUNTED["handover"]),
            ],
        )

    def _latency(self) -> IWidget:
        slow = self._environment.watched.slow_turn_milliseconds
        return self._graph(
            "A turn takes, ms",
            [self._percentile("p50"), self._percentile("p90"), self._percentile("p99")],
            bounds=[(slow, f"Slow: p99 above {slow} ms")],
        )

    def _failures(self) -> IWidget:
        errors = [
            function.function.metric_errors(label=f"{function.module} raised or ran out of time", period=PERIOD)
            for function in self._functions.values()
        ]
        return self._graph("Errors and failures", [self._overall_failures(), *errors])

    def _throttles(self) -> IWidget:
        each = [
            function.function.metric_throttles(label=function.module, period=PERIOD)
            for function in self._functions.values()
        ]
        return self._graph("Throttles", each)

    def _backend(self) -> IWidget:
        each = [metric(self._environment, COUNTED["failed"], SAMPLES, channel=channel) for channel in self._channels]
        return self._graph("Turns whose business action failed, or whose outcome is not known", each, width=12)

    def _cost(self) -> IWidget:
        return self._graph(
            "Cost in USD, an estimate: turns times a text turn's price",
            [
                self._estimate("usd", "All channels"),
                *(self._estimate("usd", COSTS.get(c, c), [c]) for c in self._channels),
            ],
            width=12,
        )

    # -- from the logs -----------------------------------------------------------------------------

    def _sentiment(self) -> IWidget:
        if not self._environment.lex.sentiment:
            return TextWidget(width=8, height=6, markdown="**Sentiment** is switched off: `lex.sentiment` is false.")
        return self._asked("Sentiment", SENTIMENT, LogQueryVisualizationType.PIE)

    def _asked(
        self, title: str, query: Query, view: LogQueryVisualizationType = LogQueryVisualizationType.TABLE
    ) -> IWidget:
        groups = [function.logs.log_group_name for function in self._functions.values()]
        return LogQueryWidget(
            title=title, query_string=query.body, log_group_names=groups, view=view, width=8, height=6
        )

    # -- arithmetic --------------------------------------------------------------------------------

    def _graph(
        self,
        title: str,
        left: Sequence[IMetric],
        *,
        stacked: bool = False,
        width: int = 8,
        bounds: Sequence[tuple[float, str]] = (),
    ) -> IWidget:
        """A graph from zero; each of `bounds` is a line across it, with what it says."""
        return GraphWidget(
            title=title,
            left=list(left),
            left_y_axis=YAxisProps(min=0, show_units=False),
            left_annotations=[HorizontalAnnotation(value=value, label=label) for value, label in bounds],
            stacked=stacked,
            view=GraphWidgetView.TIME_SERIES,
            width=width,
            height=6,
        )

    def _percentile(self, name: str) -> Metric:
        return metric(self._environment, TURN_TIME, name).with_(label=f"{name}, ms")

    def _overall_failures(self) -> Metric:
        return metric(self._environment, FAILURES, SAMPLES).with_(label="Failures behind polite replies")

    def _sum(self, id: str, label: str, name: str, channels: Sequence[str] | None = None) -> MathExpression:
        parts = self._parts(id, name, channels)
        return MathExpression(expression=_added(parts), using_metrics=parts, label=label, period=PERIOD)

    def _rate(self, label: str, event: str, channels: Sequence[str] | None = None) -> MathExpression:
        some = self._parts(event.replace("_", ""), COUNTED[event], channels)
        every = self._parts("turns", TURN_TIME, channels)
        return MathExpression(
            expression=f"100 * {_added(some)} / {_added(every)}",
            using_metrics={**some, **every},
            label=label,
            period=PERIOD,
        )

    def _estimate(self, id: str, label: str, channels: Sequence[str] | None = None) -> MathExpression:
        parts = self._parts(id, TURN_TIME, channels)
        sentiment = self._environment.lex.sentiment
        chosen = self._channels if channels is None else channels
        prices = [turn_usd(channel, sentiment=sentiment) for channel in chosen]
        products = [f"FILL({name}, 0) * {price:.6f}" for name, price in zip(parts, prices, strict=True)]
        return MathExpression(
            expression=" + ".join(products),
            using_metrics=parts,
            label=label,
            period=PERIOD,
        )

    def _parts(self, id: str, name: str, channels: Sequence[str] | None) -> dict[str, IMetric]:
        chosen = self._channels if channels is None else channels
        return {f"{id}_{c}": metric(self._environment, name, SAMPLES, channel=c) for c in chosen}


def _added(parts: Mapping[str, IMetric]) -> str:
    """The sum of metrics that have no data where nothing happened."""
    return f"SUM([{', '.join(f'FILL({name}, 0)' for name in parts)}])"
