"""The bound and the best schedule on real traces, against figures known from another program."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoscaler.simulation.bound import clairvoyant, lower_bound
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.traces import read_table
from autoscaler.simulation.traces.table import Events

TRACES = Path(__file__).resolve().parents[4] / "shared" / "traces"
FORTNIGHT = 14 * 86_400.0
VOLUMES = {"nasa_ipsc_1993": 1_498_122.0, "julia_ci_buildkite_2025": 8_737_723.0}
KNOWN = [
    ("nasa_ipsc_1993", 0.0, 1_536_324.0, 1_553_988.0),
    ("nasa_ipsc_1993", 60.0, 1_512_525.0, 1_535_435.0),
    ("nasa_ipsc_1993", 300.0, 1_503_877.0, 1_517_042.0),
    ("julia_ci_buildkite_2025", 0.0, 8_881_391.0, 8_925_188.0),
    ("julia_ci_buildkite_2025", 60.0, 8_839_035.0, 8_922_424.0),
    ("julia_ci_buildkite_2025", 300.0, 8_797_760.0, 8_919_983.0),
]


def _trace(name: str) -> Trace:
    """A fortnight of the batch system, or the whole of the CI; work as it was recorded."""
    file = TRACES / f"{name}.csv.gz"
    if not file.exists():
        pytest.skip(f"{file.name} is not on this computer")
    table = read_table(file)
    assert isinstance(table, Events)
    assert table.work is not None
    seen = table.arrivals < (FORTNIGHT if name.startswith("nasa") else float("inf"))
    arrivals, work = table.arrivals[seen], table.work[seen]
    assert work.sum() == pytest.approx(VOLUMES[name])
    return Trace(name, arrivals, work, float(arrivals[-1]))


@pytest.mark.parametrize(("name", "promise", "least", "best"), KNOWN)
def test_the_bound_agrees_within_1_percent(
    name: str, promise: float, least: float, best: float
) -> None:
    del best
    assert lower_bound(_trace(name), 1, promise) == pytest.approx(least, rel=0.01)


@pytest.mark.parametrize(("name", "promise", "least", "best"), KNOWN)
def test_the_schedule_is_no_dearer_than_the_best_that_was_known(
    name: str, promise: float, least: float, best: float
) -> None:
    assert least < clairvoyant(_trace(name), 1, promise).billed_seconds <= best
