"""Lists and descriptions: one sweep a cluster, whole or unknown."""

from __future__ import annotations

from typing import Any

import pytest
from support.aws_settings import fleet, settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.tasks import EcsTasks
from autoscaler.core.model import Unknown

FLEETS = {"a": fleet("shared"), "b": fleet("shared"), "c": fleet("other")}


def tasks(wire: Wire) -> EcsTasks:
    return EcsTasks(settings(FLEETS, queues={}), wire.clients)


def pages(*ids: list[str]) -> Any:
    """Answer ListTasks page by page; the token is the next page's number."""

    def answer(body: dict[str, Any]) -> Answer:
        number = int(body.get("nextToken", "0"))
        more = {"nextToken": str(number + 1)} if number + 1 < len(ids) else {}
        return {"taskArns": ids[number], **more}

    return answer


def everything(body: dict[str, Any]) -> Answer:
    """Describe whatever is asked for as a running task of fleet a."""
    ours = {"startedBy": "house", "group": "autoscaler:a", "lastStatus": "RUNNING"}
    return {"tasks": [{"taskArn": arn, **ours} for arn in body["tasks"]], "failures": []}


# ------------------------------------------------------------------------------------- listed


@pytest.mark.trap("T19")
def test_who_started_them_is_the_only_filter(wire: Wire) -> None:
    """ECS refuses any other filter beside it."""
    wire.on("ListTasks", pages(["t1"]))
    tasks(wire).listed(["c"])
    assert wire.bodies("ListTasks") == [{"cluster": "other", "startedBy": "house"}]


def test_fleets_of_one_cluster_share_a_sweep(wire: Wire) -> None:
    wire.on("ListTasks", lambda body: {"taskArns": [f"task-of-{body['cluster']}"]})
    listed = tasks(wire).listed(["a", "b", "c"])
    assert listed == {
        "a": {"task-of-shared"},
        "b": {"task-of-shared"},
        "c": {"task-of-other"},
    }
    assert len(wire.asked) == 2


def test_one_cluster_name_in_two_regions_is_two_clusters(wire: Wire) -> None:
    fleets = {"a": fleet(region="eu-west-1"), "b": fleet(region="eu-west-2"), "c": fleet()}
    wire.on("ListTasks", pages([]))
    EcsTasks(settings(fleets, queues={}), wire.clients).listed(["a", "b", "c"])
    assert len(wire.asked) == 2  # c is in the environment's region, which is b's


def test_all_pages_are_read_and_a_task_on_two_counts_once(wire: Wire) -> None:
    wire.on("ListTasks", pages(["t1", "t2"], [], ["t2", "t3"]))
    assert tasks(wire).listed(["a"]) == {"a": {"t1", "t2", "t3"}}


def test_a_cluster_that_cannot_be_listed_is_unknown_to_its_fleets_only(wire: Wire) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        return (
            Refusal("ClusterNotFoundException") if body["cluster"] == "shared" else pages([])(body)
        )

    wire.on("ListTasks", answer)
    listed = tasks(wire).listed(["a", "b", "c"])
    why = (
        "cannot list the tasks of the cluster shared: there is no such cluster; create it, "
        "or correct its name, account and region"
    )
    assert listed == {"a": Unknown(why), "b": Unknown(why), "c": frozenset()}


def test_a_sweep_that_fails_half_way_is_unknown_not_half(wire: Wire) -> None:
    wire.on("ListTasks", {"taskArns": ["t1"], "nextToken": "x"}, Refusal("ThrottlingException"))
    assert isinstance(tasks(wire).listed(["a"])["a"], Unknown)


@pytest.mark.parametrize("answer", [Page("<html>Welcome</html>"), {}])
def test_an_answer_that_is_no_list_is_unknown_not_empty(wire: Wire, answer: Answer) -> None:
    """Read as an empty cluster it would have every task launched again."""
    wire.on("ListTasks", answer)
    assert isinstance(tasks(wire).listed(["a"])["a"], Unknown)


def test_pages_that_never_end_are_unknown(wire: Wire) -> None:
    wire.on("ListTasks", {"taskArns": ["t1"], "nextToken": "same"})
    assert isinstance(tasks(wire).listed(["a"])["a"], Unknown)


# ---------------------------------------------------------------------------------- described


def test_wanted_tasks_come_by_id_each_to_the_fleets_that_asked(wire: Wire) -> None:
    wire.on("DescribeTasks", everything)
    found = tasks(wire).described({"a": frozenset({"t1", "t2"}), "b": frozenset({"t2"})})
    assert {fleet: set(by_id) for fleet, by_id in found.items()} == {"a": {"t1", "t2"}, "b": {"t2"}}
    assert found["a"]["t1"].fleet == "a"
    assert [sorted(body["tasks"]) for body in wire.bodies("DescribeTasks")] == [["t1", "t2"]]


def test_a_hundred_tasks_a_call_for_all_fleets_of_a_cluster(wire: Wire) -> None:
    wire.on("DescribeTasks", everything)
    wanted = {
        "a": frozenset(f"t{n}" for n in range(150)),
        "b": frozenset(f"t{n}" for n in range(100, 250)),
        "c": frozenset({"elsewhere"}),
    }
    found = tasks(wire).described(wanted)
    assert {fleet: frozenset(by_id) for fleet, by_id in found.items()} == wanted
    sizes = [(body["cluster"], len(body["tasks"])) for body in wire.bodies("DescribeTasks")]
    assert sorted(sizes) == [("other", 1), ("shared", 50), ("shared", 100), ("shared", 100)]


def test_nothing_wanted_asks_nothing(wire: Wire) -> None:
    assert tasks(wire).described({"a": frozenset()}) == {"a": {}}
    assert wire.asked == []


@pytest.mark.trap("T19")
def test_a_task_ecs_does_not_know_is_absent(wire: Wire) -> None:
    missing = [{"arn": "t2", "reason": "MISSING"}]
    wire.on("DescribeTasks", {"tasks": [{"taskArn": "t1"}], "failures": missing})
    found = tasks(wire).described({"a": frozenset({"t1", "t2"})})
    assert set(found["a"]) == {"t1"}


@pytest.mark.parametrize(
    "answer",
    [
        {"tasks": [], "failures": [{"arn": "t1", "reason": "AGENT"}]},
        Refusal("ThrottlingException"),
        Page("<html>Welcome</html>"),
    ],
)
def test_any_other_failure_is_unknown(wire: Wire, answer: Answer) -> None:
    wire.on("DescribeTasks", answer)
    found = tasks(wire).described({"a": frozenset({"t1"})})
    assert isinstance(found["a"], Unknown)


def test_one_batch_that_fails_makes_its_cluster_unknown_and_no_other(wire: Wire) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        return Refusal("ThrottlingException") if "t199" in body["tasks"] else everything(body)

    wire.on("DescribeTasks", answer)
    found = tasks(wire).described(
        {"a": frozenset(f"t{n}" for n in range(200)), "c": frozenset({"t1"})}
    )
    assert isinstance(found["a"], Unknown)
    assert set(found["c"]) == {"t1"}
