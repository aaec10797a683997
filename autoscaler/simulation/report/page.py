"""The report as one file of HTML that needs nothing else: no server, no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import altair as alt
import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from autoscaler.simulation.compare.table import KEPT
from autoscaler.simulation.report import words
from autoscaler.simulation.report.charts.palette import BY_STYLE_SHEET, DARK, LIGHT
from autoscaler.simulation.report.charts.theme import FONT
from autoscaler.simulation.report.figures import Figure, figures_of
from autoscaler.simulation.report.model import Report
from autoscaler.simulation.report.panels import lines_of, merging_of, panels_of
from autoscaler.simulation.report.tables import answer_table, runs_table
from autoscaler.simulation.report.verdict import answer, judge

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
"""The version that the charts are written for."""
_NAMES = "window.vegaEmbed = vegaEmbed;"


def write_report(path: Path, report: Report) -> None:
    """Write the whole page.

    Raises:
        OSError: the file cannot be written.
    """
    path.write_text(page(report), encoding="utf-8")


def page(report: Report) -> str:
    """The page's text."""
    judged = judge(report)
    figures = figures_of(report, judged, BY_STYLE_SHEET)
    lines = lines_of(report, judged)
    panels = panels_of(report, BY_STYLE_SHEET) if lines else ()
    library, program = _library(), _part("page.js")
    data = {
        "figures": [_drawn(each) for each in figures],
        "lines": lines,
        "panels": [each.told() for each in panels],
        "merging": merging_of(report),
    }
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            answer=answer(report, judged),
            facts=_facts(report),
            explained=_explained(report),
            over_time=_OVER_TIME,
            answers=answer_table(report, judged),
            figures=figures,
            lines=lines,
            panels=panels,
            runs=runs_table(judged),
            configured=[each.subject for each in judged if each.subject.configuration],
            style=_part("page.css", light=LIGHT.css(), dark=DARK.css(), font=FONT),
            data=as_data(data),
            library=library,
            program=program,
            policy=_policy(library, program),
        )
    )


def as_data(value: Any) -> str:
    """JSON that stands within a script element and cannot end it."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


_OVER_TIME = (
    "One policy at a time, in UTC. Each value stands for a stretch of time: of messages and ages "
    "the band spans the least and the most within it, tasks are its average, and the thin line "
    "is the most there were at any moment. Point at a decision to see its reasons."
)


_PERFECT = (
    "Perfect is a fleet that knows the future and lets nobody wait longer than this policy did; "
    "what it pays lies between two figures, so the distance does too."
)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("autoscaler.simulation.report", "templates"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _part(name: str, **given: str) -> str:
    """A style sheet or a program."""
    return _environment().get_template(name).render(**given)


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed, as the package that draws the pictures brings them."""
    return vl_convert.javascript_bundle(_NAMES, VEGA_LITE)


def _drawn(figure: Figure) -> dict[str, Any]:
    return {"name": figure.name, "spec": figure.drawing.spec, "data": figure.drawing.data}


def _policy(*scripts: str) -> str:
    """What the browser may run and load: these very scripts, and nothing from anywhere.

    Vega turns expressions into functions, hence 'unsafe-eval'; its tooltips bring a style.
    """
    hashes = (hashlib.sha256(each.encode()).digest() for each in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes)
    return (
        f"default-src 'none'; script-src {allowed} 'unsafe-eval'; "
        "style-src 'unsafe-inline'; img-src data:"
    )


def _facts(report: Report) -> str:
    began = words.moment(report.starts_at)
    return (
        f"{report.trace}: {words.several(report.messages, 'message')} in "
        f"{words.duration(report.seconds)} from {began}. The promise: started within "
        f"{words.duration(report.promise_seconds)}, for {words.share(KEPT)} of the messages."
    )


def _explained(report: Report) -> str:
    told = [
        "A month is 730 hours at the trace's pace.",
        _PERFECT,
    ]
    if any(each.others for each in report.subjects):
        told.append("Small figures are the range over several seeds and phases.")
    if report.estimates:
        told.append(f"The price of {_listed(report.estimates)} is an estimate.")
    return " ".join(told)


def _listed(providers: Sequence[str]) -> str:
    return " and ".join(words.provider(each) for each in providers)
