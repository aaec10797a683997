"""Each mistake is answered with one sentence: where, which key, what was found, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, changed, told

from autoscaler.plugins import BUILT_IN

MAX = ("max_tasks: 10", "one.yaml:9: fleets.thumbnailers.limits.max_tasks")
CLUSTER = ("cluster: pipeline", "one.yaml:4: fleets.thumbnailers.cluster")
SUBNETS = ("[subnet-1]", "one.yaml:7: fleets.thumbnailers.subnets")
LIMITS = "limits:\n      max_tasks: 10"
FLEET = "one.yaml:8: fleets.thumbnailers"
QUEUE = "queues.thumbnails"
POLICY = f"{QUEUE}.policies[0]"
QUOTE = "where text is needed; put it in quotes"
COUNTS = "it must be visible, in_flight or delayed"
PATTERN = "it must be 1 to 64 letters, digits, - and _"


@pytest.mark.parametrize(
    ("old", "place", "new", "sentence"),
    [
        (*MAX, "max_tasks: ten", '"ten" is text; it must be a whole number'),
        (*MAX, 'max_tasks: "4"', '"4" is text; it must be a whole number'),
        (*MAX, "max_tasks: 1.5", "1.5 is a number; it must be a whole number"),
        (*MAX, "max_tasks: yes", "yes is true or false; it must be a whole number"),
        (*MAX, "max_tasks:", "there is no value; it must be a whole number"),
        (*MAX, "max_tasks: [1]", "this is a list; it must be a whole number"),
        (*MAX, "max_tasks: {a: 1}", "this is a mapping; it must be a whole number"),
        (*MAX, "max_tasks: -1", "-1 is too small; it must be at least 0"),
        (*CLUSTER, "cluster: 20:00", f'20:00 is a number to YAML, {QUOTE}: "20:00"'),
        (*CLUSTER, "cluster: on", f'on is true or false to YAML, {QUOTE}: "on"'),
        (*CLUSTER, "cluster: ~", f'~ is no value to YAML, {QUOTE}: "~"'),
        (*CLUSTER, "cluster: []", "this is a list; it must be text"),
        (*SUBNETS, "subnet-1", '"subnet-1" is text; it must be a list: [subnet-1]'),
        (*SUBNETS, "{}", "this is a mapping; it must be a list"),
        (
            *SUBNETS,
            "[]",
            "there is nothing in it; write the ids of subnets, such as [subnet-0a1b2c3d]",
        ),
        (LIMITS, f"{FLEET}.limits", "limits: 4", "4 is a number; it must be a mapping of keys"),
        (LIMITS, f"{FLEET}.limits", "limits:", "there is no value; it must be a mapping of keys"),
        (
            LIMITS,
            f"{FLEET}.assign_public_ip",
            "assign_public_ip: 'no'",
            '"no" is text; it must be true or false',
        ),
        (LIMITS, f"{FLEET}.spot.share", "spot: {share: 80%}", '"80%" is text; it must be a number'),
        (LIMITS, f"{FLEET}.spot.share", "spot: {share: 2}", "2 is too large; it must be at most 1"),
        (LIMITS, f"{FLEET}.run", "run: servce", "there is no run servce; did you mean service?"),
        (LIMITS, f"{FLEET}.combine", "combine: off", "off is not allowed; it must be max or sum"),
        (
            "fleet: thumb",
            f"one.yaml:13: {QUEUE}.combine",
            "combine: avg\n    fleet: thumb",
            '"avg" is not allowed; it must be max, min, sum or first',
        ),
        (
            "_task: 10",
            f"one.yaml:16: {POLICY}.messages_per_task",
            "_task: 0",
            "0 is too small; it must be at least 1",
        ),
        (
            "messages_per_task: 10",
            f"one.yaml:16: {POLICY}.count[1]",
            "count: [visible, flying]",
            f'"flying" is not allowed; {COUNTS}',
        ),
        (
            "messages_per_task: 10",
            f"one.yaml:16: {POLICY}.count[0]",
            "count: [[]]",
            f"this is a list; {COUNTS}",
        ),
        ("prod", "one.yaml:1: installation", "a b", f'"a b" is not allowed; {PATTERN}'),
        (
            "prod",
            "one.yaml:1: installation",
            "x" * 65,
            f'"{"x" * 57}..." is not allowed; {PATTERN}',
        ),
    ],
)
def test_a_wrong_value_is_told(
    tmp_path: Path, old: str, place: str, new: str, sentence: str
) -> None:
    assert told(tmp_path, changed(old, new)) == [f"{place}: {sentence}"]


@pytest.mark.parametrize(
    ("old", "new", "place", "sentence"),
    [
        (
            "max_tasks: 10",
            "max_task: 10",
            "9: fleets.thumbnailers.limits.max_task",
            "there is no such key; did you mean max_tasks?",
        ),
        (
            "max_tasks: 10",
            "colour: red",
            "9: fleets.thumbnailers.limits.colour",
            "there is no such key; known: min_tasks, max_tasks, max_launches_per_tick",
        ),
        (
            "messages_per_task",
            "message_per_task",
            f"16: {POLICY}.message_per_task",
            "there is no such key; did you mean messages_per_task?",
        ),
        (
            "    cluster: pipeline\n",
            "",
            "3: fleets.thumbnailers.cluster",
            "this key is required, and missing",
        ),
        ("installation: prod\n", "", "1: installation", "this key is required, and missing"),
        ("depth", "dept", f"15: {POLICY}.type", "there is no policy dept; did you mean depth?"),
        (
            "depth",
            "swell",
            f"15: {POLICY}.type",
            f"there is no policy swell; known: {', '.join(BUILT_IN)}",
        ),
        ("depth", "4", f"15: {POLICY}.type", f'4 is a number to YAML, {QUOTE}: "4"'),
        (
            "type: depth\n        ",
            "",
            f"15: {POLICY}.type",
            "this key is required, and missing",
        ),
        (
            "type: depth\n        messages_per_task: 10",
            "depth",
            f"15: {POLICY}",
            '"depth" is text; it must be a mapping of keys',
        ),
        (
            "  thumbnails:",
            "  off:",
            "11: queues.off",
            'YAML reads this key as true or false; put it in quotes: "off"',
        ),
        (
            "  thumbnails:",
            "  [a]: 1\n  thumbnails:",
            "11: queues",
            "a key must be text, not a list or a mapping",
        ),
        (
            "fleet: thumbnailers",
            "fleet: thumbnailer",
            f"13: {QUEUE}.fleet",
            "there is no fleet thumbnailer; did you mean thumbnailers?",
        ),
        (
            "max_tasks: 10",
            "min_tasks: 20",
            "9: fleets.thumbnailers.limits.min_tasks",
            "20 is too large; it must be at most max_tasks, which is 10",
        ),
        (
            "max_tasks: 10",
            "max_tasks: 4\n      min_tasks: 5",
            "10: fleets.thumbnailers.limits.min_tasks",
            "5 is too large; it must be at most max_tasks, which is 4",
        ),
    ],
)
def test_a_wrong_key_or_name_is_told(
    tmp_path: Path, old: str, new: str, place: str, sentence: str
) -> None:
    assert told(tmp_path, changed(old, new)) == [f"one.yaml:{place}: {sentence}"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("period: 0", "period: 0 is too small; it must be more than 0"),
        ("period: 0s", 'period: "0s" is too small; it must be more than 0'),
        (
            "period: 5x",
            "period: '5x' is not a duration; write seconds or text such as 90s, 5m or 1h30m",
        ),
        ("period:", "period: there is no value; write one or remove the key"),
        ("version: 2", "version: 2 is not allowed; it must be 1"),
        ("version:", "version: there is no value; it must be 1"),
        ("version: '1'", 'version: "1" is not allowed; it must be 1'),
        (
            "store: {type: redis}",
            "store.type: there is no store redis; known: memory, file, dynamodb",
        ),
        ("store: {type: dynamodb}", "store.table: this key is required, and missing"),
        ("store: {type: file}", "store.path: this key is required, and missing"),
        ("store: {type: memory, path: x}", "store.path: there is no such key; known: type"),
        ("store: {}", "store.type: this key is required, and missing"),
        ("store: file", 'store: "file" is text; it must be a mapping of keys'),
        (
            "installation: other",
            "installation: this key is there twice, first in line 1; keep one",
        ),
        ("period: !secret x", "period: the tag !secret has no meaning here; write a plain value"),
        ("period: !!int x", "period: x cannot be read as a number"),
        ("period: !!bool x", "period: x cannot be read as true or false"),
        (
            "store: !!set {type: memory}",
            "store: the tag !!set has no meaning here; write a plain value",
        ),
        (
            "store: &s {<<: *s, type: memory}",
            "store: this contains itself by an alias; write it out",
        ),
        (
            "store: &s {type: memory, more: *s}",
            "store.more: this contains itself by an alias; write it out",
        ),
        ("store: {<<: 3, type: memory}", "store: << takes a mapping or a list of mappings"),
    ],
)
def test_a_wrong_line_at_the_end_is_told(tmp_path: Path, line: str, problem: str) -> None:
    assert told(tmp_path, f"{VALID}{line}\n") == [f"one.yaml:17: {problem}"]
