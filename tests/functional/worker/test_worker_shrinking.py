"""Twenty workers as real processes on work for six come down by their leaving rule alone."""

import time
from collections.abc import Iterator
from pathlib import Path

from support.worker_process import Bay, bay

from autoscaler.local import LocalAws, LocalSettings

TASKS, SLOTS, WORK_SECONDS = 20, 4, 2.0
PER_SECOND = 6 * SLOTS / WORK_SECONDS
PATIENCE_SECONDS, STAYS_SECONDS = 90.0, 4.0
LONGEST_WAIT_SECONDS = 10.0
"""Five times the work; three back-offs would be 1.5 s on a computer that is not busy."""


def test_twenty_come_down_to_eight_at_most_stay_and_lose_nothing(tmp_path: Path) -> None:
    """The paid minute is 12 s here, the back-off 0.5 s and work 2 s: a tenth of what is usual."""
    with (
        LocalAws.start(LocalSettings(data_dir=tmp_path / "aws")) as aws,
        bay(aws.endpoint_url, tmp_path, 30, 100) as queue,
    ):
        quick = ("--slots", str(SLOTS), "--minimum-stay", "12s", "--wait", "500ms")
        workers = [queue.start("by_body_waited", *quick) for _ in range(TASKS)]
        sent: list[str] = []
        up_at = shrunk_at = None
        for now in steady(queue, sent):
            if up_at is None and all(worker.events("started") for worker in workers):
                up_at, sent_before = now, len(sent)
            alive = sum(worker.process.poll() is None for worker in workers)
            if up_at is not None and alive <= 8:
                shrunk_at = shrunk_at or now
            assert shrunk_at is None or 3 <= alive <= 8
            if shrunk_at is not None and now - shrunk_at > STAYS_SECONDS:
                break
        assert [worker.ends() for worker in workers] == [0] * TASKS
        waits = [line.split() for line in queue.handled()]
        handled = {body: float(waited) for body, waited in waits}
        assert len(handled) == len(waits)
        assert len(handled) + sum(queue.counts()) == len(sent)
        late = [body for body in sent[sent_before:] if handled.get(body, 0) > LONGEST_WAIT_SECONDS]
        assert late == []


def steady(queue: Bay, sent: list[str]) -> Iterator[float]:
    """Send messages evenly; yields the seconds so far."""
    began = time.monotonic()
    while (seconds := time.monotonic() - began) < PATIENCE_SECONDS:
        due = range(len(sent), round(seconds * PER_SECOND))
        bodies = [f"{WORK_SECONDS}-{number}" for number in due]
        queue.send(bodies)
        sent += bodies
        yield seconds
        time.sleep(0.1)
    raise AssertionError("the fleet did not shrink")
