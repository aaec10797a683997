"""What the status of messages has to be like in every database."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from autoscaler.worker.hooks import Event
from autoscaler.worker.message import Message
from autoscaler.worker.status.opening import open_store
from autoscaler.worker.status.sink import StatusSink
from autoscaler.worker.status.store import Store

SENT_AT = 1000.0


class StatusClaims:
    """Inherited by a test class of each database, which has the fixture `url`."""

    def test_a_message_goes_through_its_states(self, url: str) -> None:
        store, sink = opened(url)
        store.queued(["m1"], "jobs", 1001)
        assert facts(store, "m1") == ("queued", 0, 1001, None, None, None)
        sink.started(event("m1", 1002))
        assert facts(store, "m1") == ("processing", 1, SENT_AT, 1002, None, None)
        sink.failed(event("m1", 1003, error="ValueError: no"))
        assert facts(store, "m1") == ("failed", 1, SENT_AT, 1002, 1003, "ValueError: no")
        sink.started(event("m1", 1010, attempt=2))
        assert facts(store, "m1") == ("processing", 2, SENT_AT, 1010, None, None)
        sink.given_back(event("m1", 1011, attempt=2))
        assert facts(store, "m1") == ("queued", 2, SENT_AT, None, None, None)
        sink.started(event("m1", 1020, attempt=3))
        sink.done(event("m1", 1021, attempt=3))
        assert facts(store, "m1") == ("completed", 3, SENT_AT, 1020, 1021, None)
        sink.close()

    def test_a_worker_may_be_faster_than_the_senders_note(self, url: str) -> None:
        store, sink = opened(url)
        sink.started(event("m1", 1002))
        sink.done(event("m1", 1003))
        store.queued(["m1", "m2"], "jobs", 1004)
        assert facts(store, "m1")[:3] == ("completed", 1, SENT_AT)
        assert facts(store, "m2")[:3] == ("queued", 0, 1004)
        sink.close()

    def test_late_words_of_an_earlier_attempt_change_nothing(self, url: str) -> None:
        store, sink = opened(url)
        sink.started(event("m1", 1002))
        sink.started(event("m1", 1010, attempt=2))
        sink.failed(event("m1", 1011, error="TimeLimit"))
        assert facts(store, "m1")[:2] == ("processing", 2)
        sink.done(event("m1", 1012, attempt=2))
        sink.failed(event("m1", 1013, attempt=3, error="again"))
        assert facts(store, "m1")[:2] == ("completed", 2)
        sink.close()

    def test_the_newest_come_first_and_counts_are_by_state(self, url: str) -> None:
        store, sink = opened(url)
        store.queued(["a", "b", "c"], "jobs", 1001)
        sink.started(event("a", 1005))
        sink.started(event("b", 1006))
        sink.failed(event("b", 1007, error="x"))
        assert [job.id for job in store.newest(None, 2)] == ["b", "a"]
        assert [job.id for job in store.newest("queued", 10)] == ["c"]
        assert store.counts() == {"processing": 1, "failed": 1, "queued": 1}
        assert store.find("nobody") is None
        sink.close()

    def test_many_workers_write_at_once_and_nothing_is_lost(self, url: str) -> None:
        """Also the table is made by all of them at once."""
        ids = [f"m{number}" for number in range(40)]

        def work(own: Sequence[str]) -> None:
            _, sink = opened(url)
            for each in own:
                sink.started(event(each, 1002))
                sink.done(event(each, 1003))
            sink.close()

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(work, [ids[start::4] for start in (0, 1, 2, 3, 0, 1, 2, 3)]))
        store, sink = opened(url)
        assert store.counts() == {"completed": 40}
        sink.close()

    def test_an_error_is_kept_no_longer_than_its_column(self, url: str) -> None:
        store, sink = opened(url)
        sink.failed(event("m1", 1002, error="x" * 1000))
        assert facts(store, "m1")[-1] == "x" * 300
        sink.close()


def opened(url: str) -> tuple[Store, StatusSink]:
    store = open_store(url)
    return store, StatusSink(store)


def event(message_id: str, at: float, attempt: int = 1, error: str | None = None) -> Event:
    sent = datetime.fromtimestamp(SENT_AT, UTC)
    message = Message("body", message_id, attempt, sent, queue="jobs")
    return Event(message, at, seconds=0.5, error=error)


def facts(store: Store, message_id: str) -> tuple[object, ...]:
    job = store.find(message_id)
    assert job is not None
    assert (job.id, job.queue) == (message_id, "jobs")
    return job.state, job.attempts, job.queued_at, job.started_at, job.finished_at, job.error
