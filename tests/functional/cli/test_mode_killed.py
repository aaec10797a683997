"""`autoscaler mode`, killed at every step by SIGKILL and run again, while the queue is fed.

Each run is killed once its first write was carried out, before it hears of that, and while it waits
for what comes by itself; the next one finds only what that one left. So there is a death between
any two writes, whatever they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from support.killed_runs import Killed, Ways, killing
from support.local_aws import client
from support.mode_stage import (
    LEAVES,
    PATIENCE,
    STAYS,
    Stage,
    controller,
    fed,
    function,
    mapped,
    settle,
)
from support.processes import wait_for
from support.sites import Site
from support.store_worlds import make_table

from autoscaler.core.modes import Mode
from autoscaler.local import LocalAws
from autoscaler.operations.mode import steps, switching

BY_FLEET = {
    Mode.DIRECT: "register roll await-service pause await-tasks stop-tasks",
    Mode.QUEUED: "resume register roll await-service unprotect",
}
BY_FUNCTION = {
    Mode.DIRECT: "roll await-service mapping-off await-disabled",
    Mode.QUEUED: "mapping-on await-enabled roll await-service unprotect",
}
PASSES = {
    (Mode.DIRECT, "await-service"),
    (Mode.DIRECT, "await-disabled"),
    (Mode.QUEUED, "await-enabled"),
    (Mode.QUEUED, "await-service"),
    (Mode.QUEUED, "unprotect"),
}
"""What comes by itself may have come before the next run would do it or wait for it: on a slow
machine a rolled service has new tasks by then, and none of these is protected."""
COMES_BY_ITSELF = {steps.Wait, steps.Unprotect}
KINDS_BY_FLEET = {
    steps.Register,
    steps.Roll,
    steps.SwitchFleet,
    steps.StopTasks,
    steps.Unprotect,
    steps.Wait,
}
KINDS_BY_FUNCTION = {steps.Roll, steps.SwitchMapping, steps.Unprotect, steps.Wait}


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switching, "LOOK_EVERY_SECONDS", 0.2)


def test_each_kind_of_step_there_is_is_killed_below() -> None:
    there = {one for one in vars(steps).values() if isinstance(one, type)}
    kinds = {one for one in there if issubclass(one, steps.Step)} - {steps.Step}
    assert kinds == KINDS_BY_FLEET | KINDS_BY_FUNCTION


@dataclass
class Turns:
    """Two consumers of a queue that is fed all along, the one that is not the service by name."""

    stage: Stage
    sent: list[str]
    ways: Ways
    who: str
    named: str
    settled: Callable[[], None] = lambda: None
    """Waits until a consumer that is off has noticed."""

    def switched(self, to: Mode, planned: str) -> set[type[steps.Step]]:
        """Switch, killed at every step; gives the kinds of steps it was killed at."""
        old, new = ("service", self.who)[:: -1 if to is Mode.DIRECT else 1]
        self._has_its_turn(old)
        if to is Mode.QUEUED and not self.stage.protects:
            self.stage.protect()
        killed = Killed(self.stage, self.ways, to)
        killed.run()
        names = [*dict.fromkeys(killed.names)]  # two tasks are stopped by two calls
        assert names == [one for one in planned.split() if one in names or (to, one) not in PASSES]
        service = "the service web"
        others = [(service,), (service, self.named), (self.named,)]
        assert killed.stood == (others[::-1] if to is Mode.DIRECT else others)
        self.settled()
        since = len(self.sent)
        self._has_its_turn(new)
        assert not self.stage.handled(old) & {*self.sent[since:]}
        return {type(one) for one in killed.steps}

    def _has_its_turn(self, who: str) -> None:
        since = len(self.sent)
        wait_for(
            lambda: self.stage.handled(who) & {*self.sent[since:]}, f"a turn of {who}", PATIENCE
        )


def test_killed_at_every_step_between_the_service_and_the_fleet(aws: LocalAws, site: Site) -> None:
    make_table(client(aws.endpoint_url, "dynamodb"), site.cluster)
    site.config["store"] = {"type": "dynamodb", "table": site.cluster}
    site.config["fleets"]["workers"]["limits"] = {"max_tasks": 2}
    stage = Stage(site, STAYS, stays="10m")  # none leaves by itself meanwhile
    settle(stage)
    with controller(site), killing(aws.endpoint_url) as ways:
        with fed(site) as sent:
            turns = Turns(stage, sent, ways, "fleet", "the fleet workers")
            kinds = [turns.switched(to, planned) for to, planned in BY_FLEET.items()]
        wait_for(lambda: stage.handled() >= {*sent}, "every message", PATIENCE)
    assert KINDS_BY_FLEET >= kinds[0] | kinds[1] >= KINDS_BY_FLEET - COMES_BY_ITSELF


def test_killed_at_every_step_between_the_service_and_a_function(aws: LocalAws, site: Site) -> None:
    mapped(site, aws.endpoint_url)
    modes = {**LEAVES, "function": site.cluster}
    stage = Stage(site, modes, aws.endpoint_url, protects=False)  # the function leaves it little
    settle(stage)
    with function(stage) as goes_round, killing(aws.endpoint_url) as ways:
        with fed(site) as sent:
            turns = Turns(
                stage, sent, ways, "function", f"the Lambda function {site.cluster}", goes_round
            )
            kinds = [turns.switched(to, planned) for to, planned in BY_FUNCTION.items()]
        wait_for(lambda: stage.handled() >= {*sent}, "every message", PATIENCE)
    assert KINDS_BY_FUNCTION >= kinds[0] | kinds[1] >= KINDS_BY_FUNCTION - COMES_BY_ITSELF
