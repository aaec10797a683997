"""Where services are not known, a configuration of one is told so in a sentence."""

from __future__ import annotations

import pytest
from support.aws_settings import service, settings

from autoscaler.core.errors import ConfigurationError
from autoscaler.simulation.one_queue import world_of


def test_a_service_is_not_simulated() -> None:
    chosen = settings(queues={"films": "films"}, services={"encoders": service()})
    with pytest.raises(ConfigurationError, match="the fleet encoders is a service"):
        world_of(chosen, "films")
