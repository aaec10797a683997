"""The tables of what is searched fit the policies, the queue and the user's exclusions."""

from __future__ import annotations

import numpy as np
import optuna
import pytest
from support.tuning import Chosen, steady

from autoscaler.config.loading import settings_of
from autoscaler.config.policy_options import options_of
from autoscaler.core.errors import ConfigurationError
from autoscaler.plugins import find
from autoscaler.simulation.trace import Trace
from autoscaler.simulation.tune.base import fresh
from autoscaler.simulation.tune.candidates import Field
from autoscaler.simulation.tune.dimensions import Whole
from autoscaler.simulation.tune.spaces import Scale, allowed, fleet, policies, scale_of

SCALE = Scale(promise=600.0, work=20.0, slots=2, load=3, peak=40)
SCALES = [
    SCALE,
    Scale(promise=5.0, work=3_600.0, slots=1, load=1, peak=1),
    Scale(promise=86_400.0, work=0.001, slots=16, load=700, peak=90_000),
]


@pytest.mark.parametrize("name", policies(SCALE))
def test_every_option_in_the_table_is_one_of_the_policy(name: str) -> None:
    known = {option.name for option in options_of(find(name))}

    assert policies(SCALE)[name].keys() <= known


@pytest.mark.parametrize("scale", SCALES)
def test_whatever_is_proposed_is_a_valid_configuration(scale: Scale) -> None:
    field = Field(policies(scale), fleet(scale, least=0))
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))

    proposed = [field.candidate(study.ask()) for _ in range(100)]

    for candidate in proposed:
        settings_of(fresh("jobs").with_(candidate).tree)
    assert len({candidate.name for candidate in proposed}) == 10  # 4 alone and 6 pairs


def test_the_scale_is_that_of_the_trace() -> None:
    scale = scale_of(steady(3_600.0, every=4.0, work=10.0), 600.0, slots=1)

    assert (scale.work, scale.load, scale.peak, scale.messages) == (10.0, 3, 3, 60)


def test_a_trace_whose_messages_take_no_time_still_has_a_work_that_policies_take() -> None:
    trace = Trace("instant", np.arange(5.0), np.zeros(5), 5.0)

    assert policies(scale_of(trace, 60.0, 1))["backlog"]["work"].draw(Chosen(), "") == "0.001s"


def test_slots_are_those_of_the_workers_and_left_out_where_there_is_one() -> None:
    one = Scale(promise=600.0, work=20.0, slots=1, load=3, peak=40)

    assert policies(SCALE)["backlog"]["slots"].draw(Chosen(), "") == 2
    assert policies(one)["backlog"]["slots"].draw(Chosen(), "") is None


def test_no_limit_is_proposed_that_the_work_or_the_floor_exceeds() -> None:
    assert fleet(SCALE, least=0)["max_tasks"] == Whole(3, 40)
    assert fleet(SCALE, least=60)["max_tasks"] == Whole(60, 60)
    assert fleet(SCALES[2], least=0)["max_tasks"] == Whole(700, 1_000)


def test_only_the_policies_named_are_searched() -> None:
    table = policies(SCALE)

    assert allowed((), table).keys() == table.keys()
    assert [*allowed(("backlog", "depth"), table)] == ["depth", "backlog"]
    with pytest.raises(ConfigurationError, match="--policy budget: it is not searched; there are"):
        allowed(("budget",), table)
