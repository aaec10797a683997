"""A mode is not changed where somebody else works on the queue or on the service; it says who."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.mode_world import CONTAINER, LEAVES, ROLLED, ModeWorld, by_the_fleet

from autoscaler.core.modes import Mode, Modes, Shape
from autoscaler.operations.mode.plan import consumers, now, plan
from autoscaler.operations.mode.refusing import refusals
from autoscaler.operations.mode.seen import Deployment, MappingSeen, Seen


def seen(modes: Modes = LEAVES) -> Seen:
    made = ModeWorld(modes)
    made.sleep(60)
    return made.seen()


def with_mappings(*mappings: MappingSeen) -> Seen:
    return replace(seen(), mappings=mappings)


@pytest.mark.parametrize("modes", [LEAVES, ROLLED, by_the_fleet(LEAVES), by_the_fleet(ROLLED)])
def test_nothing_stands_against_a_change_where_all_is_as_configured(modes: Modes) -> None:
    assert refusals(seen(modes), modes, CONTAINER) == ()


@pytest.mark.parametrize("state", ["Enabled", "Enabling", "Disabling", "Updating", "Creating"])
@pytest.mark.parametrize("modes", [LEAVES, by_the_fleet(LEAVES)])
def test_another_function_that_receives_is_named_until_it_is_disabled(
    modes: Modes, state: str
) -> None:
    own = seen(modes)
    other = replace(own, mappings=(*own.mappings, MappingSeen("u-9", "resizer", state)))
    (told,) = refusals(other, modes, CONTAINER)
    assert "the Lambda function resizer receives from the queue, too" in told
    assert f"u-9 is {state}" in told
    off = replace(own, mappings=(*own.mappings, MappingSeen("u-9", "resizer", "Disabled")))
    assert refusals(off, modes, CONTAINER) == ()


@pytest.mark.parametrize(
    ("mappings", "said"),
    [
        ([], "dispatch has no event source mapping on the queue"),
        (
            [MappingSeen("u-1", "dispatch", "Enabled"), MappingSeen("u-2", "dispatch", "Disabled")],
            "dispatch has 2 event source mappings on the queue, u-1 and u-2",
        ),
        ([MappingSeen("u-1", "dispatch", "Deleting")], "is being deleted"),
    ],
)
def test_the_function_needs_exactly_one_mapping(mappings: list[MappingSeen], said: str) -> None:
    (told,) = refusals(with_mappings(*mappings), LEAVES, CONTAINER)
    assert said in told


def test_application_auto_scaling_would_undo_a_count_of_ours() -> None:
    scaled = replace(seen(), service=replace(seen().service, scaled=True))
    assert (
        "Application Auto Scaling sets the desired count of web"
        in (refusals(scaled, LEAVES, CONTAINER)[0])
    )


def test_application_auto_scaling_may_stay_where_no_count_is_ours() -> None:
    free = Modes(
        "web",
        Shape(environment={"POLL": "yes"}),
        Shape(environment={"POLL": "no"}),
        keeps_http=True,
        function="dispatch",
    )
    scaled = replace(seen(ROLLED), service=replace(seen(ROLLED).service, scaled=True))
    assert refusals(scaled, free, CONTAINER) == ()
    assert "leave desired out of both modes" in refusals(scaled, ROLLED, CONTAINER)[0]


def test_a_container_that_is_not_there_is_told_with_those_that_are() -> None:
    (told,) = refusals(seen(), LEAVES, "worker")
    assert "has no container worker; name one of app, side" in told


def test_what_ecs_will_not_do_to_a_service_is_told() -> None:
    odd = replace(seen(), service=replace(seen().service, trouble="the service web is a daemon"))
    assert refusals(odd, LEAVES, CONTAINER) == ("the service web is a daemon",)


class TestConsumers:
    def test_two_are_both_named_and_the_queue_is_in_no_mode(self) -> None:
        both = replace(
            seen(), service=replace(seen().service, desired=2, running=2, deployments=(UP,))
        )
        named = consumers(both, LEAVES, CONTAINER)
        assert named == ("the service web", "the Lambda function dispatch")
        assert now(both, LEAVES, CONTAINER) is None

    def test_a_service_that_only_answers_http_is_none(self) -> None:
        assert consumers(seen(ROLLED), ROLLED, CONTAINER) == ("the Lambda function dispatch",)

    def test_while_it_is_rolled_an_old_task_may_still_poll(self) -> None:
        rolling = replace(seen(ROLLED).service, deployments=(UP, UP))
        assert "the service web" in consumers(
            replace(seen(ROLLED), service=rolling), ROLLED, CONTAINER
        )

    def test_a_mapping_that_is_being_disabled_still_receives(self) -> None:
        going = with_mappings(MappingSeen("u-1", "dispatch", "Disabling"))
        assert consumers(going, LEAVES, CONTAINER) == ("the Lambda function dispatch",)

    def test_a_paused_fleet_works_until_its_last_task_has_left(self) -> None:
        modes = by_the_fleet(LEAVES)
        told = seen(modes)
        assert told.fleet is not None
        leaving = replace(told, fleet=replace(told.fleet, paused=True, live=1))
        assert consumers(leaving, modes, CONTAINER) == ("the fleet thumbnailers",)


UP = Deployment("arn:aws:ecs:eu-west-2:123456789012:task-definition/web:0", 2, 0, "COMPLETED")


class TestSteps:
    def test_a_controller_that_launches_beside_a_function_is_paused_first_in_either_mode(
        self,
    ) -> None:
        told = seen()
        assert told.fleet is not None
        launching = replace(told, fleet=replace(told.fleet, paused=False))
        for to in Mode:
            assert plan(launching, LEAVES, CONTAINER, to)[0].name == "pause"

    @pytest.mark.parametrize("state", ["Creating", "Updating", "Disabling"])
    def test_a_mapping_that_lambda_is_changing_is_waited_for_before_it_is_switched(
        self, state: str
    ) -> None:
        moving = with_mappings(MappingSeen("u-1", "dispatch", state))
        names = [step.name for step in plan(moving, LEAVES, CONTAINER, Mode.QUEUED)]
        assert names == ["await-mapping", "mapping-on", "await-enabled"]

    def test_a_mapping_on_its_way_to_where_it_is_to_be_is_only_waited_for(self) -> None:
        moving = with_mappings(MappingSeen("u-1", "dispatch", "Enabling"))
        names = [step.name for step in plan(moving, LEAVES, CONTAINER, Mode.QUEUED)]
        assert names == ["await-enabled"]

    def test_each_step_tells_what_it_changes(self) -> None:
        steps = plan(seen(ROLLED), ROLLED, CONTAINER, Mode.DIRECT)
        assert [(step.name, step.before, step.after) for step in steps] == [
            (
                "register",
                "cpu 256, memory 512, app.POLL no",
                "cpu 1024, memory 2048, app.POLL yes",
            ),
            ("roll", "desired 1 of web:0", "desired 3 of that revision"),
            ("await-service", "1 running of 1", "3 running of 3"),
            ("mapping-off", "Enabled", "Disabled"),
            ("await-disabled", "Enabled", "Disabled"),
        ]
