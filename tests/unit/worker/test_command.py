"""How long a worker stays: the later of its paid minimum and the controller's wish."""

import io
import json
import math
import time

import pytest

from autoscaler.worker.assembly import _rules
from autoscaler.worker.journal import Journal
from autoscaler.worker.settings import read_settings


@pytest.mark.parametrize(("from_now", "stays"), [(600, 600), (-600, 60), (30, 60)])
def test_the_later_of_minimum_stay_and_stay_until_counts(from_now: float, stays: float) -> None:
    environment = {"AUTOSCALER_STAY_UNTIL": str(time.time() + from_now)}
    settings = read_settings(["--queue", "q", "--handler", "m:f"], environment)
    started_at = time.monotonic()
    assert _rules(settings, started_at).not_before == pytest.approx(started_at + stays, abs=5)


def test_a_service_never_leaves_and_a_lifetime_is_counted_from_the_start() -> None:
    given = ["--queue", "q", "--handler", "m:f", "--forever", "--lifetime", "1h"]
    rules = _rules(read_settings(given, {}), 1000.0)
    assert (rules.not_before, rules.leave_at) == (math.inf, 4600.0)


def test_an_event_is_one_line_of_json_with_its_time() -> None:
    stream = io.StringIO()
    Journal(stream)("done", message_id="1", seconds=0.5)
    line = stream.getvalue()
    assert line.count("\n") == 1
    read = json.loads(line)
    assert read.pop("time") == pytest.approx(time.time(), abs=60)
    assert read == {"event": "done", "message_id": "1", "seconds": 0.5}
