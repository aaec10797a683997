"""The life of a task on a clock of the test's own: no waiting, no processes."""

from __future__ import annotations

import pytest
from support.ecs_lab import CLUSTER, Lab


def main(**more: object) -> dict[str, object]:
    return {"name": "main", "image": "i", "command": ["go"], **more}


def side(**more: object) -> dict[str, object]:
    return {"name": "side", "image": "i", "command": ["go"], "essential": False, **more}


def test_each_state_lasts_exactly_its_delay() -> None:
    lab = Lab()
    arn = lab.run()
    seen = []
    for _ in range(31):
        seen.append(lab.task(arn)["lastStatus"])
        lab.after(1)
    assert seen == ["PROVISIONING"] * 10 + ["PENDING"] * 20 + ["RUNNING"]


def test_the_process_is_started_when_the_pull_is_over_and_not_before() -> None:
    lab = Lab()
    lab.run()
    lab.after(10)
    lab.after(19.9)
    assert lab.scripts.started == []
    lab.after(0.1)
    assert len(lab.scripts.started) == 1


def test_the_times_are_those_of_the_changes() -> None:
    lab = Lab()
    arn = lab.run()
    born = lab.now
    lab.until_running(arn)
    lab.after(100)
    lab.scripts.started[0].exit_code = 0
    lab.after(1)
    lab.after(5)
    task = lab.task(arn)
    times = {name: task[name] - born for name in task if name.endswith("At")}
    assert times == {
        "createdAt": 0,
        "connectivityAt": 10,
        "pullStartedAt": 10,
        "pullStoppedAt": 30,
        "startedAt": 30,
        "stoppingAt": 131,
        "executionStoppedAt": 131,
        "stoppedAt": 136,
    }


def test_a_process_that_does_not_end_is_killed_after_30_seconds_by_default() -> None:
    lab = Lab()
    arn = lab.run()
    lab.until_running(arn)
    lab.ask("StopTask", task=arn)
    lab.after(0)
    lab.after(29.9)
    assert lab.scripts.started[0].signals == ["TERM"]
    lab.after(0.1)
    assert lab.scripts.started[0].signals == ["TERM", "KILL"]
    lab.after(0)
    assert lab.task(arn)["containers"][0]["exitCode"] == 137


@pytest.mark.parametrize(("given", "seconds"), [(1, 2), (45, 45), (500, 120)])
def test_the_stop_timeout_lies_between_2_and_120_seconds(given: int, seconds: float) -> None:
    lab = Lab(main(stopTimeout=given))
    arn = lab.run()
    lab.until_running(arn)
    lab.ask("StopTask", task=arn)
    lab.after(0)
    lab.after(seconds - 0.1)
    assert lab.scripts.started[0].signals == ["TERM"]
    lab.after(0.1)
    assert lab.scripts.started[0].signals == ["TERM", "KILL"]


def test_a_task_being_stopped_still_shows_as_stopping_while_its_process_works() -> None:
    lab = Lab()
    arn = lab.run()
    lab.until_running(arn)
    lab.ask("StopTask", task=arn)
    lab.after(1)
    assert lab.task(arn)["lastStatus"] == "STOPPING"
    lab.scripts.started[0].exit_code = 0
    lab.after(1)
    assert lab.task(arn)["lastStatus"] == "DEPROVISIONING"


def test_the_first_cause_of_stopping_stays() -> None:
    lab = Lab()
    arn = lab.run()
    lab.until_running(arn)
    lab.ask("StopTask", task=arn, reason="mine")
    lab.scripts.started[0].exit_code = 1
    lab.after(1)
    assert lab.task(arn)["stoppedReason"] == "mine"
    assert lab.tasks.interrupt(lambda _: True, None) == []


def test_if_one_container_cannot_be_started_the_others_are_killed() -> None:
    lab = Lab(main(), side(command=["missing"]))
    arn = lab.run()
    lab.after(10)
    lab.after(20)
    assert lab.scripts.started[0].signals == ["KILL"]
    task = lab.task(arn)
    assert (task["lastStatus"], task["stopCode"]) == ("DEPROVISIONING", "TaskFailedToStart")
    assert "startedAt" not in task


def test_a_task_of_other_than_essential_containers_only_ends_when_asked() -> None:
    lab = Lab(main(), side())
    arn = lab.run()
    lab.until_running(arn)
    lab.scripts.started[1].exit_code = 9
    lab.after(1)
    assert lab.task(arn)["lastStatus"] == "RUNNING"


def test_a_stopped_task_is_forgotten_after_an_hour() -> None:
    lab = Lab()
    arn = lab.run()
    lab.until_running(arn)
    lab.scripts.started[0].exit_code = 0
    lab.after(1)
    lab.after(5)
    lab.after(3599)
    assert lab.task(arn)["lastStatus"] == "STOPPED"
    lab.after(11)
    answer = lab.ask("DescribeTasks", tasks=[arn])
    assert answer["failures"] == [{"arn": arn, "reason": "MISSING"}]
    assert lab.ask("ListTasks", desiredStatus="STOPPED")["taskArns"] == []


def test_a_task_that_runs_is_never_forgotten() -> None:
    lab = Lab()
    arn = lab.run()
    lab.until_running(arn)
    lab.after(100_000)
    assert lab.task(arn)["lastStatus"] == "RUNNING"


def test_clusters_are_told_their_counts_and_then_that_there_are_none() -> None:
    lab = Lab()
    arn = lab.run()
    lab.after(0)
    assert lab.books.counts[CLUSTER] == (0, 1)
    lab.until_running(arn)
    assert lab.books.counts[CLUSTER] == (1, 0)
    lab.scripts.started[0].exit_code = 0
    lab.after(1)
    lab.after(5)
    assert lab.books.counts[CLUSTER] == (0, 0)
