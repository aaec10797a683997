"""One policy over time: what waited, how long, how many tasks there were, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np

from autoscaler.core.tasks import Provider
from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts.palette import Palette
from autoscaler.simulation.report.charts.theme import (
    TICKS,
    Columns,
    Drawing,
    drawn,
    text,
)
from autoscaler.simulation.report.model import Report, Subject, Timeline
from autoscaler.simulation.report.parts import PARTS
from autoscaler.simulation.report.timeline import STATES
from autoscaler.simulation.run import PROVIDERS

_WHOLE = alt.Axis(tickCount={"expr": "clamp(domain('y')[1] - domain('y')[0], 1, 5)"}, format=",~r")
"""Ticks at whole numbers, as there are no half tasks."""
_MIDNIGHT = "utchours(datum.value) + utcminutes(datum.value) == 0"
_TIME_OR_DATE = f"utcFormat(datum.value, {_MIDNIGHT} ? '%a %e %b' : '%H:%M')"
_WHEN = "utcFormat(datum.at, '%a %Y-%m-%d %H:%M') + ' UTC'"


def buckets_of(report: Report, line: Timeline) -> Columns:
    """A time line as a table; times in milliseconds since the epoch, as browsers count."""
    at = 1000 * (report.starts_at + line.step * np.arange(len(line) + 1)).round().astype(int)
    measured = {
        "waiting_low": line.waiting_low,
        "waiting": line.waiting_high,
        "in_hand": line.in_hand_high,
        "age_low": line.age_low.round(),
        "age": line.age_high.round(),
        **{f"{PARTS[who]}, {state}": each.round(2) for (who, state), each in line.tasks.items()},
        "most": line.tasks_high,
    }
    columns: dict[str, Any] = {"at": at[:-1].tolist(), "to": at[1:].tolist()}
    return columns | {name: _short(values.tolist()) for name, values in measured.items()}


def decisions_of(report: Report, subject: Subject) -> Columns:
    """The decisions as a table."""
    made = subject.decisions
    return {
        "at": [round(1000 * (report.starts_at + each.at)) for each in made],
        "launched": [each.launched for each in made],
        "target": [each.target for each in made],
        "why": ["\n".join(each.reasons) for each in made],
    }


def depth_chart(palette: Palette, data: Mapping[str, Columns]) -> Drawing:
    """Messages waiting and in hand."""
    names = {"waiting": palette.waiting, "in hand": palette.in_hand}
    colour = alt.Color("series:N", scale=_scale(names))
    lines = alt.Chart(alt.NamedData(name="buckets")).encode(x=_time())
    waiting, in_hand = _series(lines, "waiting"), _series(lines, "in hand")
    band = waiting.mark_area(interpolate="step-after", opacity=0.3)
    layers = [
        band.encode(y=_amount("waiting_low"), y2="waiting", color=colour),
        _line(waiting, "waiting", colour),
        _line(in_hand, "in_hand", colour),
        _hover(lines, palette, {"waiting": "waiting, at most", "in_hand": "in hand, at most"}),
    ]
    return _panel(layers, palette, data, "messages", 170)


def age_chart(palette: Palette, data: Mapping[str, Columns], promise: float) -> Drawing:
    """How long the oldest message had waited, against the promise."""
    size, unit = (60, "minutes") if promise < 3 * 3600 else (3600, "hours")
    lines = (
        alt.Chart(alt.NamedData(name="buckets"))
        .transform_calculate(low=f"datum.age_low / {size}", high=f"datum.age / {size}")
        .encode(x=_time())
    )
    axis = alt.Axis(tickCount=5)
    band = lines.mark_area(interpolate="step-after", opacity=0.3, color=palette.age)
    rule = alt.Chart(alt.InlineData(values=[{"high": promise / size}])).encode(y="high:Q")
    told = f"promise {words.duration(promise)}"
    layers = [
        band.encode(y=alt.Y("low:Q", axis=axis), y2="high"),
        _line(lines, "high", alt.value(palette.age), alt.Y("high:Q", axis=axis)),
        rule.mark_rule(color=palette.promise, strokeDash=[2, 3]),
        rule.mark_text(text=told, align="right", dy=-8).encode(x=alt.value("width")),
        _hover(lines, palette, {"age": "oldest message, seconds at most"}),
    ]
    return _panel(layers, palette, data, unit, 150)


def tasks_chart(palette: Palette, data: Mapping[str, Columns], kinds: list[str]) -> Drawing:
    """Tasks by provider and state, one upon the other, and the most there were at a moment."""
    colours = {name: colour for name, colour in task_colours(palette).items() if name in kinds}
    lines = alt.Chart(alt.NamedData(name="buckets")).encode(x=_time())
    stacked = (
        lines.transform_fold([*kinds], as_=["kind", "tasks"])
        .transform_calculate(order=f"indexof({_list(kinds)}, datum.kind)")
        .mark_area(interpolate="step-after")
        .encode(
            y=alt.Y("tasks:Q", stack=True, axis=_WHOLE),
            color=alt.Color("kind:N", scale=_scale(colours)),
            order="order:Q",
        )
    )
    most = _line(lines, "most", alt.value(palette.muted), _amount("most"), 0.8)
    shown = {"most": "tasks at most", **{kind: f"{kind}, average" for kind in kinds}}
    return _panel([stacked, most, _hover(lines, palette, shown)], palette, data, "tasks", 190)


def decisions_chart(palette: Palette, data: Mapping[str, Columns]) -> Drawing:
    """What was launched or stopped, each with its reasons."""
    colours = _scale({"launched": palette.kept, "stopped": palette.late, "neither": palette.muted})
    what = "datum.launched > 0 ? 'launched' : datum.launched < 0 ? 'stopped' : 'neither'"
    made = (
        alt.Chart(alt.NamedData(name="decisions"))
        .transform_calculate(what=what, when=_WHEN)
        .encode(x=_time(), color=alt.Color("what:N", scale=colours))
    )
    y = _amount("launched")
    tips = [
        alt.Tooltip("when:N", title="at"),
        alt.Tooltip("launched:Q", title="launched"),
        alt.Tooltip("target:Q", title="target"),
        alt.Tooltip("why:N", title="because"),
    ]
    # The buckets, though nothing of them shows, give this panel the time axis of the others.
    frame = alt.Chart(alt.NamedData(name="buckets")).mark_rule(opacity=0, tooltip=None)
    layers = [
        frame.encode(x=_time(), x2="to"),
        made.mark_rule(strokeWidth=1.2, opacity=0.8).encode(y=y, y2=alt.datum(0)),
        made.mark_point(size=46, filled=True, opacity=1)
        .encode(y=y, tooltip=tips)
        .properties(name="decisions"),
    ]
    return _panel(layers, palette, data, "tasks launched by a decision", 120)


def task_colours(palette: Palette) -> dict[str, str]:
    """By provider and state; what is starting has the paler tone of its provider."""
    tones = {
        Provider.FARGATE: (palette.fargate_starting, palette.fargate),
        Provider.FARGATE_SPOT: (palette.spot_starting, palette.spot),
        Provider.EC2: (palette.ec2_starting, palette.ec2),
    }
    return {
        f"{PARTS[provider.value]}, {state}": colour
        for provider, pair in tones.items()
        for state, colour in zip(STATES, pair, strict=True)
    }


def task_kinds(line: Timeline) -> set[str]:
    """Of the tasks in a time line."""
    return {f"{PARTS[who]}, {state}" for who, state in line.tasks}


def task_order() -> list[str]:
    """In which kinds of tasks are piled up: what runs below what is starting."""
    return [f"{PARTS[who]}, {state}" for who in PROVIDERS for state in reversed(STATES)]


def _time() -> alt.X:
    axis = alt.Axis(tickCount=TICKS, labelExpr=_TIME_OR_DATE)
    return alt.X("at:T", title=None, scale=alt.Scale(type="utc", nice=False), axis=axis)


def _amount(name: str) -> alt.Y:
    return alt.Y(f"{name}:Q", axis=_WHOLE)


def _line(
    lines: alt.Chart, name: str, colour: Any, y: alt.Y | None = None, width: float = 1.5
) -> alt.Chart:
    line: alt.Chart = lines.mark_line(interpolate="step-after", strokeWidth=width)
    return line.encode(y=y or _amount(name), color=colour)


def _hover(lines: alt.Chart, palette: Palette, shown: dict[str, str]) -> alt.Chart:
    """A column for each bucket, unseen, that tells its values."""
    names = [alt.Tooltip(f"{name}:Q", title=title) for name, title in shown.items()]
    column: alt.Chart = lines.transform_calculate(when=_WHEN).mark_rect(
        color=palette.ink, opacity=0
    )
    return column.encode(x2="to", tooltip=[alt.Tooltip("when:N", title="from"), *names])


def _series(lines: alt.Chart, name: str) -> alt.Chart:
    """The same lines, which the legend knows by this name."""
    named: alt.Chart = lines.transform_calculate(series=text(name))
    return named


def _scale(colours: dict[str, str]) -> alt.Scale:
    return alt.Scale(domain=list(colours), range=list(colours.values()))


def _panel(
    layers: list[Any], palette: Palette, data: Mapping[str, Columns], unit: str, height: int
) -> Drawing:
    # Axes of one width, so that a moment stands at the same place in every panel.
    chart = alt.layer(*layers).properties(width="container", height=height, title=unit)
    drawing = drawn(chart, palette, data)
    drawing.spec["config"]["axisY"] |= {"minExtent": 44, "maxExtent": 44}
    return drawing


def _list(names: list[str]) -> str:
    return "[" + ", ".join(map(text, names)) + "]"


def _short(values: list[float]) -> list[float]:
    """Whole numbers without their '.0'."""
    return [int(each) if each == int(each) else each for each in values]
