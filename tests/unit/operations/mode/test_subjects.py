"""Which queues a mode may be shown or switched of, and what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest
from support.aws_settings import service, settings

from autoscaler.core.errors import ConfigurationError
from autoscaler.core.modes import Modes, Shape
from autoscaler.core.settings import Settings
from autoscaler.operations.mode.subjects import subjects


def nobody(name: str) -> NoReturn:
    raise AssertionError(f"asked for the controller of {name}")


def serving(modes: Modes | None = None) -> Settings:
    """A queue whose fleet is a service."""
    made = settings(queues={"films": "films"}, services={"encoders": service()})
    return replace(made, queues={"films": replace(made.queues["films"], modes=modes)})


@pytest.mark.parametrize("modes", [None, Modes("web", Shape(1))])
def test_a_fleet_that_is_a_service_itself_is_never_switched(modes: Modes | None) -> None:
    with pytest.raises(ConfigurationError) as told:
        subjects(serving(modes), ["films"], nobody)
    assert str(told.value) == (
        "the fleet encoders of films is a service itself, which is never switched: its desired "
        "count is set by what waits; `autoscaler mode` is for fleets with run: tasks"
    )


def test_where_no_queue_has_modes_it_is_said_where_to_write_them() -> None:
    with pytest.raises(ConfigurationError, match=r"no queue has modes; write them under"):
        subjects(serving(), [], nobody)
