"""Every alert fires when it should and not otherwise, by Prometheus's own reckoning."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.programs import program

RULES = Path(__file__).parents[3] / "deploy" / "prometheus" / "rules.yaml"
ALERTS = {
    rule["alert"]: rule
    for group in yaml.safe_load(RULES.read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
}
JOB = 'job="queue-autoscaler"'


@dataclass(frozen=True)
class Case:
    """What is scraped at each step, and whether the alert fires at a moment.

    Series are written without the prefix ``autoscaler_``, their job is added.
    """

    alert: str
    series: Mapping[str, str]
    at: str = "30m"
    fires: Mapping[str, str] | None = None
    """The labels it fires with; None: it does not fire."""
    says: str = ""

    @property
    def step(self) -> str:
        return "1h" if self.at.endswith("h") else "1m"


def fires(alert: str, series: Mapping[str, str], says: str, at: str = "30m", **labels: str) -> Case:
    return Case(alert, series, at, {"job": "queue-autoscaler", **labels}, says)


def silent(alert: str, series: Mapping[str, str], at: str = "30m") -> Case:
    return Case(alert, series, at)


AGE = 'queue_oldest_message_age_seconds{queue="q"}'
VISIBLE = 'queue_messages{queue="q",state="visible"}'
LATE = {AGE: "300x5 700x55", VISIBLE: "5x60"}
DEAD = 'queue_dead_letters{queue="q"}'
UP, UP_TOO = 'up{instance="a"}', 'up{instance="b"}'
DECIDED_AT = 'last_decision_timestamp_seconds{fleet="f",instance="a"}'
BY_THE_OTHER = 'last_decision_timestamp_seconds{fleet="f",instance="b"}'
PERIOD = 'tick_period_seconds{instance="a"}'
HELD = 'ticks_total{fleet="f",instance="a",outcome="held"}'
FAILED = 'ticks_total{fleet="f",instance="a",outcome="failed"}'
DECIDED = 'ticks_total{fleet="f",instance="b",outcome="decided"}'
BREAKER = 'restrained{fleet="f",instance="a",reason="breaker"}'
PAUSED = 'restrained{fleet="f",reason="paused"}'
REFUSED = 'launch_failures_total{fleet="f",provider="FARGATE_SPOT"}'
LAUNCHED = 'tasks_launched_total{fleet="f",provider="FARGATE"}'
MISSED = "ticks_missed_total"
SECONDS, TICKS = "tick_duration_seconds_sum", "tick_duration_seconds_count"
IN_FORCE = "config_last_reload_successful"
POLICY = 'policy_failures_total{queue="q",policy="p"}'
UNKNOWN = 'decision_reasons_total{fleet="f",reason="queue_unknown"}'
AT_MOST = 'decision_reasons_total{fleet="f",reason="max_tasks"}'

NEVER, ALWAYS, RISING, ONCE = "0x60", "1x60", "0+1x60", "0x20 1x40"

CASES = (
    fires("AutoscalerQueueLate", LATE, "The oldest message of q is 11m 40s old.", queue="q"),
    silent("AutoscalerQueueLate", LATE, at="7m"),
    silent("AutoscalerQueueLate", {AGE: "590x60", VISIBLE: "5x60"}),
    fires("AutoscalerDeadLetters", {DEAD: "0x10 3x50"}, "3 dead letters of q.", queue="q"),
    silent("AutoscalerDeadLetters", {DEAD: NEVER}),
    fires("AutoscalerGone", {UP: NEVER}, "No controller answers Prometheus."),
    fires("AutoscalerGone", {}, "No controller answers Prometheus."),
    silent("AutoscalerGone", {UP: NEVER, UP_TOO: ALWAYS}),
    silent("AutoscalerGone", {UP: "0x3 1x57"}),
    fires(
        "AutoscalerSilent", {DECIDED_AT: "0+120x5 600x55", PERIOD: "120x60"},
        "f was last decided on 20m 0s ago.", fleet="f",
    ),
    silent("AutoscalerSilent", {DECIDED_AT: "0+60x60", PERIOD: "120x60"}),
    silent("AutoscalerSilent", {DECIDED_AT: "60x60", PERIOD: "120x60"}, at="10m"),
    silent("AutoscalerSilent", {DECIDED_AT: "0x60", BY_THE_OTHER: "0+60x60", PERIOD: "120x60"}),
    fires(
        "AutoscalerHeld", {HELD: RISING, DECIDED: NEVER},
        "No tick of f came to a decision for 15 minutes.", fleet="f",
    ),
    fires(
        "AutoscalerHeld", {FAILED: RISING},
        "No tick of f came to a decision for 15 minutes.", fleet="f",
    ),
    silent("AutoscalerHeld", {HELD: RISING, DECIDED: RISING}),
    silent("AutoscalerHeld", {HELD: NEVER, DECIDED: NEVER}),
    fires(
        "AutoscalerBreakerOpen", {BREAKER: "0x20 1x40"},
        "Tasks of f die without progress.", fleet="f", reason="breaker",
    ),
    silent("AutoscalerBreakerOpen", {BREAKER: "1x20 0x40", PAUSED: ALWAYS}),
    fires(
        "AutoscalerLaunchesFail", {REFUSED: RISING, LAUNCHED: NEVER},
        "AWS launches no tasks for f.", fleet="f",
    ),
    silent("AutoscalerLaunchesFail", {REFUSED: RISING, LAUNCHED: "0+1x20 21x40"}),
    silent("AutoscalerLaunchesFail", {REFUSED: NEVER, LAUNCHED: RISING}),
    fires(
        "AutoscalerTicksMissed", {MISSED: "0x10 4x50"}, "4 ticks were missed within half an hour."
    ),
    silent("AutoscalerTicksMissed", {MISSED: "0x10 1x50"}),
    fires(
        "AutoscalerTicksSlow", {SECONDS: "0+80x60", TICKS: RISING, PERIOD: "120x60"},
        "A tick takes 1m 20s on average, more than half the period.",
    ),
    silent("AutoscalerTicksSlow", {SECONDS: "0+5x60", TICKS: RISING, PERIOD: "120x60"}),
    fires(
        "AutoscalerConfigurationRefused", {IN_FORCE: "1x10 0x50"},
        "The newest configuration was refused.",
    ),
    silent("AutoscalerConfigurationRefused", {IN_FORCE: "0x10 1x50"}),
    fires("AutoscalerPolicyFails", {POLICY: RISING}, "The policy p of q fails.",
          queue="q", policy="p"),
    silent("AutoscalerPolicyFails", {POLICY: NEVER}),
    fires("AutoscalerQueueUnknown", {UNKNOWN: RISING}, "A queue of f cannot be read.",
          fleet="f", reason="queue_unknown"),
    silent("AutoscalerQueueUnknown", {UNKNOWN: ONCE}),
    fires("AutoscalerAtMaxTasks", {AT_MOST: RISING},
          "Policies want more tasks than max_tasks of f allows.",
          at="50m", fleet="f", reason="max_tasks"),
    silent("AutoscalerAtMaxTasks", {AT_MOST: ONCE}, at="50m"),
    fires("AutoscalerPausedLong", {PAUSED: ALWAYS}, "A queue of f has been paused for a day.",
          at="26h", fleet="f", reason="paused"),
    silent("AutoscalerPausedLong", {PAUSED: ALWAYS}, at="20h"),
)  # fmt: skip


def test_promtool_finds_the_rules_sound() -> None:
    promtool = program("promtool", package="prometheus")

    checked = run(promtool, "check", "rules", "--lint-fatal", str(RULES))

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("step", ["1m", "1h"])
def test_every_alert_fires_when_it_should_and_not_otherwise(step: str, tmp_path: Path) -> None:
    cases = tuple(case for case in CASES if case.step == step)

    outcome = tried(tmp_path, RULES.read_text(), cases)

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("firing", [True, False])
def test_every_alert_has_a_case(firing: bool) -> None:
    assert {case.alert for case in CASES if (case.fires is not None) == firing} == ALERTS.keys()


def test_a_case_that_is_wrong_would_be_found(tmp_path: Path) -> None:
    wrong = silent("AutoscalerDeadLetters", {DEAD: "1x60"})

    outcome = tried(tmp_path, RULES.read_text(), (wrong,))

    assert outcome.returncode == 1


def test_a_queue_may_have_a_promise_of_its_own_as_the_comment_shows(tmp_path: Path) -> None:
    """The comment's two lines stand in for the one below them."""
    written = RULES.read_text()
    start, end = written.index("label_replace"), written.index("- record")
    own = written[start:end].replace("#", " ").replace("invoices", "q").split()
    rules = yaml.safe_load(written)
    rules["groups"][0]["rules"][0]["expr"] = " ".join(own)
    other = {AGE.replace('"q"', '"r"'): "200x60", VISIBLE.replace('"q"', '"r"'): "5x60"}
    series = {AGE: "200x60", VISIBLE: "5x60", **other}

    expected = fires(
        "AutoscalerQueueLate", series, "The oldest message of q is 3m 20s old.", queue="q"
    )
    outcome = tried(tmp_path, yaml.safe_dump(rules), (expected,))

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def tried(directory: Path, rules: str, cases: tuple[Case, ...]) -> subprocess.CompletedProcess[str]:
    promtool = program("promtool", package="prometheus")
    (directory / "rules.yaml").write_text(rules)
    tests = {
        "rule_files": ["rules.yaml"],
        "evaluation_interval": cases[0].step,
        "tests": [_test(case) for case in cases],
    }
    (directory / "tests.yaml").write_text(yaml.safe_dump(tests))
    return run(promtool, "test", "rules", str(directory / "tests.yaml"))


def _test(case: Case) -> dict[str, Any]:
    expected = [] if case.fires is None else [_alert(case)]
    asked = {"eval_time": case.at, "alertname": case.alert, "exp_alerts": expected}
    return {
        "interval": case.step,
        "input_series": [
            {"series": _series(name), "values": values} for name, values in case.series.items()
        ],
        "alert_rule_test": [asked],
    }


def _series(name: str) -> str:
    metric, _, labels = name.rstrip("}").partition("{")
    prefix = "" if metric == "up" else "autoscaler_"
    return f"{prefix}{metric}{{{','.join(filter(None, [labels, JOB]))}}}"


def _alert(case: Case) -> dict[str, Any]:
    rule = ALERTS[case.alert]
    return {
        "exp_labels": {**rule["labels"], **(case.fires or {})},
        "exp_annotations": {**rule["annotations"], "summary": case.says},
    }


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)
