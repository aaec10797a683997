"""Services: ten a call, with what else scales them; set by one absolute number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from support.aws_settings import service, settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.check import problems
from autoscaler.aws.services import EcsServices
from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.actions import FailureKind, Outcome
from autoscaler.core.model import Unknown
from autoscaler.core.service import Service
from autoscaler.core.suspension import WHOLE, Suspension
from autoscaler.core.tasks import TaskState

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()
NOBODY = {"ScalableTargets": []}
OLD = {"status": "ACTIVE", "taskDefinition": "a:task-definition/job:6", "createdAt": NOON - 60}
NEW = {"status": "PRIMARY", "taskDefinition": "a:task-definition/job:7", "createdAt": NOON}


def told(*names: str, desired: int = 3, **more: Any) -> Answer:
    services = [
        {"serviceName": name, "desiredCount": desired, "status": "ACTIVE", **more} for name in names
    ]
    return {"services": services, "failures": []}


def described(body: dict[str, Any]) -> Answer:
    return told(*body["services"])


def target(name: str = "workers", **state: bool) -> Answer:
    one = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/pipeline/{name}",
        "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 1,
        "MaxCapacity": 10,
        "SuspendedState": state,
    }
    return {"ScalableTargets": [one]}


@pytest.fixture
def sound(wire: Wire) -> Wire:
    """A service that nothing else has in hand."""
    return wire.on("DescribeServices", described).on("DescribeScalableTargets", NOBODY)


def port(wire: Wire, **services: Any) -> EcsServices:
    return EcsServices(settings(queues={}, services=services or {"f": service()}), wire.clients)


def seen(wire: Wire) -> Service | Unknown:
    return port(wire).seen(["f"])["f"]


def test_a_service_is_seen_with_what_it_is_to_keep(sound: Wire) -> None:
    assert seen(sound) == Service("workers", 3)
    assert sound.bodies("DescribeServices") == [{"cluster": "pipeline", "services": ["workers"]}]


def test_services_of_one_cluster_are_asked_for_ten_at_a_time(sound: Wire) -> None:
    names = [f"s{n}" for n in range(12)]
    both = port(sound, **{name: service(name) for name in names}, x=service("x", "other"))
    assert all(isinstance(one, Service) for one in both.seen([*names, "x"]).values())
    sizes = sorted(len(body["services"]) for body in sound.bodies("DescribeServices"))
    assert sizes == [1, 2, 10]
    assert len(sound.bodies("DescribeScalableTargets")) == 3


def test_each_is_asked_for_in_its_own_region(sound: Wire) -> None:
    port(sound, f=service(region="eu-north-1")).seen(["f"])
    assert all("eu-north-1" in url for url in sound.urls)


def test_a_service_that_is_not_there_is_unknown(sound: Wire) -> None:
    sound.on("DescribeServices", {"services": [], "failures": [{"reason": "MISSING"}]})
    assert seen(sound) == Unknown(
        "there is no service workers in the cluster pipeline; create it or correct it"
    )


@pytest.mark.parametrize("operation", ["DescribeServices", "DescribeScalableTargets"])
@pytest.mark.parametrize("answer", [Refusal("AccessDeniedException"), Page("{}")])
def test_what_cannot_be_asked_leaves_the_service_unknown(
    sound: Wire, operation: str, answer: Answer
) -> None:
    """A service that something else may scale is as unknown as one that was not described."""
    sound.on(operation, answer)
    found = seen(sound)
    assert isinstance(found, Unknown)
    assert "workers" in found.why


class TestDeployments:
    def test_a_single_one_that_is_completed_is_none(self, sound: Wire) -> None:
        sound.on(
            "DescribeServices", told("workers", deployments=[{**NEW, "rolloutState": "COMPLETED"}])
        )
        assert seen(sound) == Service("workers", 3)

    @pytest.mark.parametrize(
        "lists",
        [
            {"deployments": [{**NEW, "rolloutState": "IN_PROGRESS"}]},
            {"deployments": [OLD, NEW]},
            {"deployments": [], "taskSets": [OLD, NEW]},
        ],
    )
    def test_one_in_progress_is_told_with_what_it_brings(
        self, sound: Wire, lists: dict[str, Any]
    ) -> None:
        sound.on("DescribeServices", told("workers", **lists))
        assert seen(sound) == Service("workers", 3, deployment="job:7", deploying_since=NOON)

    def test_a_service_that_is_going_away_says_so(self, sound: Wire) -> None:
        sound.on("DescribeServices", told("workers", status="DRAINING"))
        assert seen(sound) == Service("workers", 3, status="DRAINING")


class TestOtherScalers:
    def test_application_auto_scaling_is_named_with_its_bounds(self, sound: Wire) -> None:
        sound.on("DescribeScalableTargets", target())
        found = seen(sound)
        assert isinstance(found, Service)
        assert found.scaled_by == "Application Auto Scaling (1 to 10 tasks)"

    def test_it_is_asked_by_the_cluster_s_name_where_its_arn_is_configured(
        self, sound: Wire
    ) -> None:
        sound.on("DescribeScalableTargets", target())
        arn = "arn:aws:ecs:eu-west-2:123456789012:cluster/pipeline"
        found = port(sound, f=service(cluster=arn)).seen(["f"])["f"]
        assert isinstance(found, Service)
        assert found.scaled_by
        [asked] = sound.bodies("DescribeScalableTargets")
        assert asked["ResourceIds"] == ["service/pipeline/workers"]

    def test_one_that_is_suspended_whole_is_no_other(self, sound: Wire) -> None:
        kinds = ("DynamicScalingIn", "DynamicScalingOut", "ScheduledScaling")
        whole = {f"{kind}Suspended": True for kind in kinds}
        sound.on("DescribeScalableTargets", target(**whole))
        assert seen(sound) == Service("workers", 3, suspension=WHOLE)
        sound.on("DescribeScalableTargets", target(**{**whole, "ScheduledScalingSuspended": False}))
        found = seen(sound)
        assert isinstance(found, Service)
        assert found.scaled_by
        assert found.suspension == Suspension(scale_in=True, scale_out=True)

    def test_a_target_nobody_asked_for_is_nobody_s(self, sound: Wire) -> None:
        sound.on("DescribeScalableTargets", target("somebody-elses"))
        assert seen(sound) == Service("workers", 3)


class TestSetting:
    def test_it_is_one_absolute_number(self, wire: Wire) -> None:
        wire.on("UpdateService", {"service": {}})
        assert port(wire).set_desired("f", 0) == Outcome()
        assert wire.bodies("UpdateService") == [
            {"cluster": "pipeline", "service": "workers", "desiredCount": 0}
        ]

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("AccessDeniedException", FailureKind.DENIED),
            ("ServiceNotActiveException", FailureKind.DEFINITION),
            ("ServiceNotFoundException", FailureKind.DEFINITION),
            ("ThrottlingException", FailureKind.THROTTLED),
        ],
    )
    def test_a_refusal_is_known(self, wire: Wire, code: str, kind: FailureKind) -> None:
        wire.on("UpdateService", Refusal(code))
        outcome = port(wire).set_desired("f", 2)
        assert [(one.reason, one.kind) for one in outcome.failures] == [(code, kind)]

    @pytest.mark.parametrize(
        "answers",
        [
            (ReadTimeoutError(endpoint_url="https://ecs"),),
            (Refusal("ServerException", status=500),),
            (ReadTimeoutError(endpoint_url="https://ecs"), Refusal("AccessDeniedException")),
        ],
    )
    def test_a_lost_answer_is_in_doubt_whatever_the_last_attempt_says(
        self, wire: Wire, answers: tuple[Answer, ...]
    ) -> None:
        wire.on("UpdateService", *answers)
        assert port(wire).set_desired("f", 2).unsure


class TestSuspending:
    ASKED = "RegisterScalableTarget"

    def test_all_three_ways_are_told_and_no_bounds(self, wire: Wire) -> None:
        wire.on(self.ASKED, {})
        arn = "arn:aws:ecs:eu-west-2:123456789012:cluster/pipeline"
        both = port(wire, f=service(cluster=arn, region="eu-north-1"))
        assert both.suspend("f", Suspension(scheduled=True)) == Outcome()
        assert wire.bodies(self.ASKED) == [
            {
                "ServiceNamespace": "ecs",
                "ResourceId": "service/pipeline/workers",
                "ScalableDimension": "ecs:service:DesiredCount",
                "SuspendedState": {
                    "DynamicScalingInSuspended": False,
                    "DynamicScalingOutSuspended": False,
                    "ScheduledScalingSuspended": True,
                },
            }
        ]
        assert "eu-north-1" in wire.urls[-1]

    @pytest.mark.parametrize(
        ("code", "kind"),
        [
            ("AccessDeniedException", FailureKind.DENIED),
            ("ValidationException", FailureKind.DEFINITION),
        ],
    )
    def test_a_refusal_is_known(self, wire: Wire, code: str, kind: FailureKind) -> None:
        wire.on(self.ASKED, Refusal(code))
        outcome = port(wire).suspend("f", WHOLE)
        assert [(one.reason, one.kind) for one in outcome.failures] == [(code, kind)]
        assert "Application Auto Scaling of workers" in outcome.failures[0].detail

    @pytest.mark.parametrize(
        "answers",
        [
            (ReadTimeoutError(endpoint_url="https://scaling"),),
            (ReadTimeoutError(endpoint_url="https://scaling"), Refusal("AccessDeniedException")),
        ],
    )
    def test_a_lost_answer_is_in_doubt_whatever_the_last_attempt_says(
        self, wire: Wire, answers: tuple[Answer, ...]
    ) -> None:
        wire.on(self.ASKED, *answers)
        assert port(wire).suspend("f", WHOLE).unsure


class TestItsTasks:
    def test_they_are_listed_by_the_service_and_belong_to_its_fleet(self, wire: Wire) -> None:
        chosen = settings(queues={}, services={"f": service()})
        ours = {"startedBy": "ecs-svc/1", "group": "service:workers", "lastStatus": "RUNNING"}
        wire.on("ListTasks", {"taskArns": ["t1"]})
        wire.on("DescribeTasks", {"tasks": [{"taskArn": "t1", **ours}], "failures": []})
        tasks = EcsTasks(chosen, wire.clients)
        assert tasks.listed(["f"]) == {"f": {"t1"}}
        assert wire.bodies("ListTasks") == [{"cluster": "pipeline", "serviceName": "workers"}]
        found = tasks.described({"f": frozenset({"t1"})})["f"]
        assert not isinstance(found, Unknown)
        assert (found["t1"].fleet, found["t1"].state) == ("f", TaskState.RUNNING)


def test_before_anything_runs_a_missing_service_is_told(sound: Wire) -> None:
    chosen = settings(queues={}, services={"f": service()})
    assert problems(chosen, sound.clients) == []
    sound.on("DescribeServices", {"services": [], "failures": []})
    [sentence] = problems(chosen, sound.clients)
    assert "there is no service workers" in sentence
