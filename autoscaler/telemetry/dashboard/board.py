"""Which panels there are, in which order: first whether all is well, then where to look."""

from __future__ import annotations

from collections.abc import Sequence

from autoscaler.telemetry.dashboard.expressions import (
    events,
    latest,
    least,
    mean,
    most,
    per_second,
    quantile,
    replicas,
    shared_per_second,
    since,
    whole,
)
from autoscaler.telemetry.dashboard.panels import (
    Colour,
    Form,
    Panel,
    Series,
    Shelf,
    Word,
    laid_out,
)
from autoscaler.telemetry.table import Row
from autoscaler.telemetry.table import controller as c
from autoscaler.telemetry.table import worker as w

PROMISE = "autoscaler:queue_promise_seconds"
"""Recorded by the rules in deploy/prometheus/rules.yaml."""

STACKED: Form = {"fillOpacity": 30, "stacking": {"mode": "normal", "group": "A"}}
BARS: Form = {"drawStyle": "bars", "fillOpacity": 60, "stacking": {"mode": "normal", "group": "A"}}
STEPS: Form = {"lineInterpolation": "stepAfter", "fillOpacity": 10}

ALARM: Sequence[Colour] = (("green", None), ("red", 1))
GOOD: Sequence[Colour] = (("red", None), ("green", 1))
NEUTRAL: Sequence[Colour] = (("blue", None),)


def _number(
    title: str,
    about: Row,
    series: Series,
    unit: str = "short",
    colours: Sequence[Colour] = NEUTRAL,
    words: Sequence[Word] = (),
) -> Panel:
    return Panel(title, about, (series,), unit, "stat", 4, 4, {}, colours, words)


WELL = Shelf(
    "Is all well?",
    (
        _number("Oldest message", c.QUEUE_AGE, Series(most(c.QUEUE_AGE), "age"), "s"),
        _number("Dead letters", c.QUEUE_DEAD_LETTERS,
                Series(whole(c.QUEUE_DEAD_LETTERS), "messages"), colours=ALARM),
        _number("Since the last decision", c.LAST_DECISION,
                Series(since(c.LAST_DECISION), "{{fleet}}"), "s"),
        _number("Launches held back", c.RESTRAINED, Series(whole(c.RESTRAINED), "fleets"),
                colours=ALARM, words=((0, "none"),)),
        _number("Newest configuration", c.CONFIG_IN_FORCE,
                Series(least(c.CONFIG_IN_FORCE), "is"),
                colours=GOOD, words=((0, "refused"), (1, "in force"))),
        _number("Replicas", c.BUILD, Series(replicas(c.BUILD), "{{version}}")),
    ),
)  # fmt: skip
QUEUES = Shelf(
    "Queues",
    (
        Panel("Messages", c.QUEUE_MESSAGES,
              (Series(latest(c.QUEUE_MESSAGES), "{{queue}} {{state}}"),), custom=STACKED),
        Panel("Age of the oldest message", c.QUEUE_AGE,
              (Series(latest(c.QUEUE_AGE), "{{queue}}"),
               Series(f'max by (queue) ({PROMISE}{{queue=~"$queue"}})', "{{queue}} promised")),
              unit="s"),
        Panel("Dead letters", c.QUEUE_DEAD_LETTERS,
              (Series(latest(c.QUEUE_DEAD_LETTERS), "{{queue}}"),), custom=STEPS),
    ),
)  # fmt: skip
FLEETS = Shelf(
    "Fleets",
    (
        Panel("Tasks", c.TASKS,
              (Series(latest(c.TASKS), "{{fleet}} {{provider}} {{state}}"),), custom=STACKED),
        Panel("Tasks wanted", c.TASKS_TARGET,
              (Series(latest(c.TASKS_TARGET), "{{fleet}}: target"),
               Series(f"sum by (fleet) ({latest(c.TASKS)})", "{{fleet}}: live"),
               Series(latest(c.SERVICE_DESIRED), "{{fleet}}: kept by its service")), custom=STEPS),
        Panel("Tasks wanted by each policy", c.POLICY_TASKS_WANTED,
              (Series(latest(c.POLICY_TASKS_WANTED), "{{queue}} {{policy}}"),), custom=STEPS),
        Panel("Launched", c.TASKS_LAUNCHED,
              (Series(events(c.TASKS_LAUNCHED), "{{fleet}} {{provider}}"),), custom=BARS, width=6),
        Panel("Launches refused or lost", c.LAUNCH_FAILURES,
              (Series(events(c.LAUNCH_FAILURES), "{{fleet}} {{provider}}"),
               Series(events(c.SETTING_FAILURES), "{{fleet}} desired count")),
              custom=BARS, width=6),
        Panel("Held back", c.RESTRAINED,
              (Series(latest(c.RESTRAINED), "{{fleet}} {{reason}}"),), custom=STEPS, width=6),
        Panel("Cost an hour", c.SPENT,
              (Series(f"3600 * {shared_per_second(c.SPENT)}", "{{fleet}}"),),
              "currencyUSD", width=6),
        Panel("Instances", c.INSTANCES,
              (Series(latest(c.INSTANCES), "{{fleet}} {{state}}"),
               Series(latest(c.INSTANCES_NEEDED), "{{fleet}}: needed")), custom=STEPS),
    ),
)  # fmt: skip
CONTROLLER = Shelf(
    "Controller",
    (
        Panel("Ticks", c.TICKS, (Series(events(c.TICKS), "{{fleet}} {{outcome}}"),), custom=BARS),
        Panel("Length of ticks", c.TICK_DURATION,
              (Series(quantile(c.TICK_DURATION, 0.5), "half are shorter"),
               Series(quantile(c.TICK_DURATION, 0.95), "95 of 100 are shorter"),
               Series(mean(c.TICK_DURATION), "mean"),
               Series(latest(c.TICK_PERIOD), "period")), unit="s"),
        Panel("Ticks missed", c.TICKS_MISSED,
              (Series(events(c.TICKS_MISSED), "missed"),), custom=BARS),
        Panel("Why decisions were as they were", c.DECISION_REASONS,
              (Series(events(c.DECISION_REASONS), "{{fleet}} {{reason}}"),), custom=BARS),
        Panel("Policies that failed", c.POLICY_FAILURES,
              (Series(events(c.POLICY_FAILURES), "{{queue}} {{policy}}"),), custom=BARS),
        Panel("Notices", c.NOTIFICATIONS,
              (Series(events(c.NOTIFICATIONS), "{{place}} {{outcome}}"),), custom=BARS),
        Panel("Reloads", c.CONFIG_RELOADS,
              (Series(events(c.CONFIG_RELOADS), "{{outcome}}"),), custom=BARS),
    ),
)  # fmt: skip
WORKERS = Shelf(
    "Workers, where Prometheus scrapes them",
    (
        Panel("Messages a second", w.DONE,
              (Series(per_second(w.RECEIVED), "{{queue}} received"),
               Series(per_second(w.DONE), "{{queue}} done"),
               Series(per_second(w.FAILED), "{{queue}} failed"),
               Series(per_second(w.GIVEN_BACK), "{{queue}} given back"))),
        Panel("Slots busy", w.BUSY, (Series(per_second(w.BUSY), "{{queue}}"),)),
        Panel("Wait until the first start, mean", w.WAIT,
              (Series(mean(w.WAIT), "{{queue}}"),), unit="s"),
    ),
)  # fmt: skip


def board() -> Form:
    """The whole dashboard, as Grafana imports it."""
    return {
        "uid": "queue-autoscaler",
        "title": "Queue autoscaler",
        "description": "Queues, the fleets that serve them, and the controller between them.",
        "tags": ["autoscaler", "sqs", "ecs"],
        "schemaVersion": 39,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "1m",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [_source(), *_choices()]},
        "panels": [*laid_out((WELL, QUEUES, FLEETS, CONTROLLER, WORKERS))],
    }


def _source() -> Form:
    return {
        "name": "datasource",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
    }


def _choices() -> list[Form]:
    told = 'autoscaler_queue_messages{job=~"$job"}'
    return [
        _choice("job", f"label_values({c.BUILD.name}, job)"),
        _choice("fleet", f'label_values({c.TICKS.name}{{job=~"$job"}}, fleet)'),
        _choice("queue", f"label_values({told}, queue)"),
        _choice("worker_queue", f"label_values({w.RECEIVED.name}, queue)"),
    ]


def _choice(name: str, query: str) -> Form:
    return {
        "name": name,
        "label": name.replace("_", "'s ").capitalize(),
        "type": "query",
        "datasource": {"type": "prometheus", "uid": "${datasource}"},
        "query": {"query": query, "refId": name},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }
