"""Floors of forecast and warm: once their tasks are launched, the same look asks for no more."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from support.values import NOW, observation, reading, task

from autoscaler.core.history import WEEKS
from autoscaler.core.model import Minute
from autoscaler.core.periods import HOUR
from autoscaler.core.tasks import Fleet
from autoscaler.core.wallclock import NAMES
from policies.forecast import Forecast
from policies.warm import Peaks, Warm

levels = st.sampled_from([0, 1, 3, 30, 400, 100_000])
hours = st.tuples(st.sampled_from(NAMES), st.integers(0, 23)).map(lambda at: f"{at[0]} {at[1]:02}")
weeks = st.lists(levels, min_size=1, max_size=WEEKS).map(
    lambda row: " ".join([f"{one}/{one}" for one in row])
)
notes = st.dictionaries(hours, weeks, max_size=168).map(
    lambda kept: {**kept, "through": NOW - 300.0, "hour": 0, "minutes": ""}
)
start_up = st.floats(0, 600)
policies = st.builds(
    Forecast,
    st.floats(0, 600),
    st.integers(1, 10),
    st.floats(0.1, 1000),
    start_up,
    st.integers(1, WEEKS),
) | st.builds(
    Warm,
    st.integers(1, 50),
    st.sampled_from(["mon-sun", "wed", "sat,sun"]),
    peaks=st.none() | st.builds(Peaks, levels, st.floats(0, 7200), st.integers(1, WEEKS)),
    start_up=start_up,
)
times = st.floats(0, 7 * 24 * HOUR).map(lambda later: NOW + later)
lives = st.lists(st.none() | st.floats(-3600, 86_400), max_size=12)
sent = st.lists(levels, max_size=8)


def fleet_of(now, lives):
    return Fleet(
        tuple(
            task(f"t{n}", token="launch", created_at=now, stay_until=None if s is None else now + s)
            for n, s in enumerate(lives)
        )
    )


@given(policies, notes, times, lives, sent)
def test_a_floor_that_is_launched_is_kept(policy, kept, now, lives, sent):
    minutes = tuple(Minute(now - 60.0 * n, float(one)) for n, one in enumerate(sent, 1))[::-1]
    fleet = fleet_of(now, lives)
    seen = observation(reading(0, minutes=minutes), now=now, tasks=fleet, notes=kept)
    found = policy.advise(seen)
    if found.at_least is None:
        assert found.stay_until is None
        return
    assert now < found.stay_until < math.inf
    new = max(0, found.at_least - fleet.live)
    launched = fleet_of(now, [*lives, *[found.stay_until - now] * new])
    again = policy.advise(replace(seen, fleet=launched))
    assert again.at_least <= launched.live


@given(policies, notes, times, sent)
def test_notes_come_back_as_they_were(policy, kept, now, sent):
    minutes = tuple(Minute(now - 60.0 * n, float(one)) for n, one in enumerate(sent, 1))[::-1]
    seen = observation(reading(0, minutes=minutes), now=now, notes=kept)
    found = policy.advise(seen)
    again = policy.advise(replace(seen, notes=json.loads(json.dumps(found.notes))))
    assert again.notes == found.notes
    assert (again.at_least, again.stay_until) == (found.at_least, found.stay_until)
