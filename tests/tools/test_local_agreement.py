"""The simulation foretells what real worker processes under the real controller do.

Ten minutes of messages at five times their speed: two floods over a trickle, on the local AWS and
in the simulated world. It takes three minutes, as nothing of the local world can be hurried.
"""

from pathlib import Path

import numpy as np
import pytest
from support.local_replay.play import play, start_up
from support.local_replay.simulated import replay
from support.local_replay.stage import Scale

from autoscaler.simulation.trace import Trace

MINUTES, SPEED = 10, 5.0


def two_floods(seed: int) -> Trace:
    """60 messages over ten minutes, and 40 within 20 s of the first and of the fifth minute."""
    random, seconds = np.random.default_rng(seed), MINUTES * 60.0
    floods = [at + random.uniform(0, 20, 40) for at in (60.0, 300.0)]
    arrivals = np.sort(np.concatenate([random.uniform(0, seconds, 60), *floods]))
    work = random.gamma(4, 6, len(arrivals))
    return Trace("two floods", arrivals / SPEED, work / SPEED, seconds / SPEED)


@pytest.mark.timeout(600)
def test_ten_minutes_on_the_local_aws_go_as_simulated(tmp_path: Path) -> None:
    """Launches to one task, the 95th percentile of waits to 15 %."""
    trace, scale = two_floods(1), Scale()
    played = play(trace, scale, tmp_path)
    run = replay(trace, scale, start_up(played), played.phase, tmp_path)
    simulated = run.messages.started_at - trace.arrivals
    told = {
        "launches": (len(played.launched), len(run.tasks)),
        "p50": tuple(np.round(np.percentile([played.waits, simulated], 50, axis=1), 2)),
        "p95": tuple(np.round(np.percentile([played.waits, simulated], 95, axis=1), 2)),
        "start-up": (np.round(played.first_receives, 2), round(start_up(played), 2)),
    }
    print(told)  # noqa: T201 - what docs/simulation-validation.md quotes; shown with -s
    assert abs(len(played.launched) - len(run.tasks)) <= 1
    assert np.percentile(simulated, 95) == pytest.approx(np.percentile(played.waits, 95), rel=0.15)
