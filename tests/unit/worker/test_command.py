"""How long a worker stays: the later of its paid minimum and the controller's wish."""

import io
import json
import time

import pytest

from autoscaler.worker.command import _rules
from autoscaler.worker.journal import Journal
from autoscaler.worker.opening import Opened
from autoscaler.worker.settings import read_settings
from autoscaler.worker.sqs import SqsQueue


@pytest.mark.parametrize(("from_now", "stays"), [(600, 600), (-600, 60), (30, 60)])
def test_the_later_of_minimum_stay_and_stay_until_counts(from_now: float, stays: float) -> None:
    environment = {"AUTOSCALER_STAY_UNTIL": str(time.time() + from_now)}
    settings = read_settings(["--queue", "q", "--handler", "m:f"], environment)
    opened = Opened(SqsQueue.__new__(SqsQueue), "url", 30)
    started_at = time.monotonic()
    assert _rules(settings, opened, started_at).not_before == pytest.approx(
        started_at + stays, abs=5
    )


def test_an_event_is_one_line_of_json_with_its_time() -> None:
    stream = io.StringIO()
    Journal(stream)("done", message_id="1", seconds=0.5)
    line = stream.getvalue()
    assert line.count("\n") == 1
    read = json.loads(line)
    assert read.pop("time") == pytest.approx(time.time(), abs=60)
    assert read == {"event": "done", "message_id": "1", "seconds": 0.5}
