"""How long a client token is remembered: min(24 hours, its tasks' life + 1 hour)."""

from __future__ import annotations

from support.ecs_lab import Lab

from autoscaler.local.ecs.tokens import Tokens


def end(lab: Lab, script: int = 0) -> None:
    lab.scripts.started[script].exit_code = 0
    lab.after(1)
    lab.after(5)


def test_a_token_lives_an_hour_longer_than_its_task() -> None:
    lab = Lab()
    first = lab.run(clientToken="t")
    lab.until_running(first)
    end(lab)
    lab.after(3500)
    assert lab.run(clientToken="t") == first
    lab.after(3700)
    assert lab.run(clientToken="t") != first


def test_a_token_lives_24_hours_however_long_its_task_runs() -> None:
    lab = Lab()
    first = lab.run(clientToken="t")
    lab.until_running(first)
    lab.after(24 * 3600 - 60)
    assert lab.run(clientToken="t") == first
    lab.after(100)
    assert lab.run(clientToken="t") != first


def test_a_token_of_a_launch_that_failed_lives_an_hour() -> None:
    tokens = Tokens()
    body = {"clientToken": "t"}
    tokens.keep("cluster", body, {"tasks": [], "failures": [{"reason": "x"}]}, 0.0)
    tokens.prune(lambda _: False, 3599.0)
    assert tokens.recall("cluster", "t", body) is not None
    tokens.prune(lambda _: False, 3600.0)
    assert len(tokens) == 0


def test_the_original_answer_is_repeated_even_when_the_task_has_stopped() -> None:
    lab = Lab()
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    asked = {"launchType": "FARGATE", "networkConfiguration": network, "taskDefinition": "job"}
    first = lab.ask("RunTask", clientToken="t", **asked)
    lab.until_running(first["tasks"][0]["taskArn"])
    end(lab)
    assert lab.ask("RunTask", clientToken="t", **asked) == first
