"""Forty wrong configurations: each answer names the key it is about, and says what to write."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.configurations import VALID

from autoscaler.cli import main

DEPTH = "- type: depth\n        messages_per_task: 10"
POLICY = "queues.thumbnails.policies[0]"
FLEET = "fleets.thumbnailers"
SPOT = f"{FLEET}.spot"
LIMITS = f"{FLEET}.limits"

CHANGED = [  # what is written in place of what, the key that is named, the fix
    ("max_tasks", "max_task", f"{LIMITS}.max_task", "did you mean max_tasks?"),
    ("max_tasks: 10", "max_tasks: ten", f"{LIMITS}.max_tasks", "a whole number"),
    ("max_tasks: 10", "min_tasks: 11", f"{LIMITS}.min_tasks", "at most max_tasks, which is 10"),
    ("max_tasks: 10", "max_tasks: -1", f"{LIMITS}.max_tasks", "at least 0"),
    ("    cluster: pipeline\n", "", f"{FLEET}.cluster", "required, and missing"),
    ("[subnet-1]", "[]", f"{FLEET}.subnets", "write the ids of subnets"),
    ("[subnet-1]", "subnet-1", f"{FLEET}.subnets", "must be a list: [subnet-1]"),
    ("worker", "worker\n    role: arn:aws:iam::1:r", f"{FLEET}.role", "such as arn:aws:iam::1234"),
    ("worker", "worker\n    spot: {share: 80}", f"{SPOT}.share", "at most 1"),
    ("worker", "worker\n    spot: {fallback: no}", f"{SPOT}.fallback", "on_demand or none"),
    ("worker", "worker\n    run: servant", f"{FLEET}.run", "known: tasks, service"),
    ("worker", "20:00", f"{FLEET}.container", 'put it in quotes: "20:00"'),
    ("prod", "my prod", "installation", "letters, digits, - and _"),
    ("installation: prod\n", "", "installation", "required, and missing"),
    ("fleet: thumb", "fleet: tumb", "queues.thumbnails.fleet", "did you mean thumbnailers?"),
    ("photos", "photos\n    confirm: 9", "queues.thumbnails.confirm", "at most 8"),
    ("type: depth", "type: dept", f"{POLICY}.type", "did you mean depth?"),
    ("type: depth", "type: swell", f"{POLICY}.type", "known: depth, backlog"),
]
ADDED = [  # a line at the end, the key, the fix
    ("version: 2", "version", "it must be 1"),
    ("period: 2 minutes", "period", "such as 90s, 5m or 1h30m"),
    ("period: 0", "period", "more than 0"),
    ("period: 2m\nperiod: 3m", "period", "first in line 17; keep one"),
    ("store: {type: redis}", "store.type", "known: memory, file, dynamodb"),
    ("store: {type: file}", "store.path", "required, and missing"),
    ("store: {type: dynamodb, table: a b}", "store.table", "letters, digits, -, _ and ."),
    ("prices: {eu-west-2: {arm: {vcpu: 1}}}", "prices.eu-west-2.arm", "did you mean arm64?"),
    ("fleet: {}", "fleet", "did you mean fleets?"),
    ("queues: {a: b: c}", ":17:", "this is not YAML"),
    ("\tperiod: 2m", ":17:", "indent with spaces"),
]
POLICIES = [  # a policy, the key, the fix
    ("type: depth, messages_per_task: 0", ".messages_per_task", "at least 1"),
    ("type: depth, count: [flying]", ".count[0]", "visible, in_flight or delayed"),
    ("type: backlog", "", "write messages_per_task: 100, or acceptable_wait: 5m"),
    ("type: backlog, acceptable_wait: soon", ".acceptable_wait", "such as 90s, 5m or 1h30m"),
    ("type: backlog, messages_per_task: 9, tolerance: 1", ".tolerance", "at most 0.5"),
    ("type: backlog, messages_per_task: 9, work: 2s", "", "remove work"),
    ("type: age_steps", ".steps", "required, and missing"),
    ("type: age_steps, steps: []", "", "write steps: [{from: 5m, add: 1}]"),
    ("type: age_steps, steps: [{from: 5m, ad: 1}]", ".steps[0].ad", "did you mean add?"),
    (
        "type: age_steps, steps: [{from: 9m, add: 1}, {from: 5m, add: 2}]",
        "",
        "the step from 5 min comes after the one from 9 min; sort them",
    ),
    ("type: age_steps, breaches: 9, steps: [{from: 5m, add: 1}]", ".breaches", "at most 7"),
    ("type: deadline", ".max_age", "required, and missing"),
    ("type: deadline, max_age: 5s", "", "no task starts so soon"),
    ("type: deadline, max_age: 10m, work: 0", "", "work is 0"),
    ("type: drain_rate, drain_within: 0", "", "drain_within is 0"),
    ("type: drain_rate, drain_within: 5m, arrivals: -1", ".arrivals", "at least 0"),
    ("type: forecast, weeks: 5", ".weeks", "at most 4"),
    ("type: forecast, work: 0", "", "work is 0"),
    ("type: warm", ".tasks", "required, and missing"),
    ("type: warm, tasks: 1, peaks: {around: 5m}", ".peaks.above", "required, and missing"),
    ("type: cost_window", "", "give at_most, at_least, spot_share or pause"),
    ("type: cost_window, at_most: 2, days: mon-fry", ".days", "such as mon-fri"),
    ("type: cost_window, at_most: 2, from: 8:00", ".from", 'write one such as "08:00"'),
    ("type: cost_window, at_most: 2, timezone: Europe/Londn", ".timezone", "Europe/London?"),
    ("type: cost_window, at_most: 2, season: {from: 12-24}", ".season.to", "required"),
    ("type: budget", ".dollars", "required, and missing"),
    ("type: budget, dollars: 5, per: week", ".per", "hour, day or month"),
    ("type: budget, dollars: 5, slow_from: 80%", ".slow_from", "it must be a number"),
    ("type: target_tracking, target: 60", "", "takes one of metric, expression and http"),
    (
        "type: target_tracking, target: 60, http: {url: jobs/waiting}",
        ".http.url",
        "such as http://jobs.internal/waiting",
    ),
    (
        "type: target_tracking, target: 60, metric: {namespace: A, name: B, statistic: Avg}",
        ".metric.statistic",
        "Average, Sum, Minimum",
    ),
]
VARIABLES = [  # a variable and its value, the key, the fix
    ("AUTOSCALER_PERIOD", "often", "period", "such as 90s, 5m or 1h30m"),
    (
        "AUTOSCALER_FLEETS__THUMBNAILERS__LIMITS__MAX_TASK",
        "4",
        f"{LIMITS}.max_task",
        "did you mean max_tasks?",
    ),
    ("AUTOSCALER_FLEETS__THUMBNAILER__CLUSTER", "c", "fleets.thumbnailer", "thumbnailers?"),
    ("AUTOSCALER_STORE", "{type: file}", "store", "name the key in the variable"),
]


@dataclass(frozen=True)
class Mistake:
    """A configuration and what its answer must say."""

    key: str
    fix: str
    text: str = VALID
    environ: tuple[tuple[str, str], ...] = ()


MISTAKES = [
    *(Mistake(key, fix, VALID.replace(old, new)) for old, new, key, fix in CHANGED),
    *(Mistake(key, fix, f"{VALID}{line}\n") for line, key, fix in ADDED),
    *(
        Mistake(POLICY + key, fix, VALID.replace(DEPTH, f"- {{{options}}}"))
        for options, key, fix in POLICIES
    ),
    *(
        Mistake(f"{name}: {key}", fix, environ=((name, value),))
        for name, value, key, fix in VARIABLES
    ),
]


def test_there_are_forty_at_least_and_each_is_another() -> None:
    assert len({(one.text, one.environ) for one in MISTAKES}) == len(MISTAKES) >= 40
    assert not [one for one in MISTAKES if one.text == VALID and not one.environ]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one.key}: {one.fix}")
def test_the_answer_names_the_key_and_the_fix_in_a_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    mistake: Mistake,
) -> None:
    path = tmp_path / "autoscaler.yaml"
    path.write_text(mistake.text)
    for name, value in mistake.environ:
        monkeypatch.setenv(name, value)

    assert main(["config", "check", "--config", str(path)]) == 2

    lines = capsys.readouterr().err.splitlines()
    assert [line for line in lines if mistake.key in line and mistake.fix in line], lines
    assert "Traceback" not in "".join(lines)
