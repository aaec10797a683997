"""The kernel as a queue with so many servers: theory, a recursion and an event loop agree with it.

The same claim at fifty million arrivals: `PYTHONPATH=tests python benchmarks/validation.py`.
"""

import numpy as np
import pytest
from support.reference_waits import event_loop, kiefer_wolfowitz
from support.static_fleet import Waits, serve

WORKS = {
    "exponential": lambda random, n: random.exponential(1.0, n),
    "constant": lambda _, n: np.ones(n),
    "heavy tailed": lambda random, n: random.lognormal(-2.0, 2.0, n),
}


@pytest.mark.parametrize("rho", [0.5, 0.8, 0.95])
def test_waits_are_those_of_theory(rho: float) -> None:
    """99 % intervals over 20 independent batches of 50,000 messages hold what Erlang says."""
    waits = Waits.of(rho, servers=10, batches=20, size=50_000)
    assert waits.queue.mean_wait in waits.mean
    assert waits.queue.probability_of_waiting in waits.share_that_waits


@pytest.mark.parametrize("rho", [0.5, 0.8, 0.95, 1.1])
@pytest.mark.parametrize("work", WORKS)
@pytest.mark.parametrize(("tasks", "slots"), [(1, 1), (10, 1), (1, 10), (4, 5)])
def test_every_message_starts_when_recursion_and_event_loop_say(
    tasks: int, slots: int, work: str, rho: float
) -> None:
    """To the bit, whether a server is a task or a slot of one."""
    random, messages, servers = np.random.default_rng(7), 3000, tasks * slots
    works = WORKS[work](random, messages)
    rate = rho * servers / works.mean()
    arrivals = np.cumsum(random.exponential(1 / rate, messages))
    started = serve(arrivals, works, tasks, slots).messages.started_at.tolist()
    assert started == kiefer_wolfowitz(arrivals, works, servers).tolist()
    assert started == event_loop(arrivals.tolist(), works.tolist(), servers)
