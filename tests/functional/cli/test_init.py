"""`autoscaler init` writes a configuration that the program takes and the world fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client, unique
from support.sites import Site

from autoscaler.cli import main
from autoscaler.config import load
from autoscaler.local import LocalAws


@pytest.fixture
def ec2(aws: LocalAws) -> Any:
    return client(aws.endpoint_url, "ec2")


def file(site: Site) -> Path:
    return site.directory / "first.yaml"


def init(site: Site, *options: str) -> int:
    return main(["init", "--queue", site.url, "--out", str(file(site)), *options])


def service(site: Site, subnet: str, group: str) -> str:
    """The ARN of a service of the site's task definition."""
    network = {"subnets": [subnet], "securityGroups": [group], "assignPublicIp": "ENABLED"}
    made = site.ecs.create_service(
        cluster=site.cluster,
        serviceName="web",
        taskDefinition=site.cluster,
        desiredCount=0,
        networkConfiguration={"awsvpcConfiguration": network},
    )
    arn: str = made["service"]["serviceArn"]
    return arn


def test_a_task_definition_goes_into_the_default_vpc(
    site: Site, ec2: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(site, "--from-task-definition", site.cluster, "--cluster", site.cluster) == 0

    (fleet,) = load([file(site)], {}).fleets.values()
    there = {one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]}
    assert set(fleet.subnets) <= there
    assert fleet.subnets
    assert fleet.assign_public_ip
    assert len(fleet.security_groups) == 1
    assert (fleet.container, fleet.cluster, fleet.region) == ("worker", site.cluster, "eu-west-2")
    assert "0.25 vCPU, 0.5 GB, X86_64" in file(site).read_text()
    assert main(["config", "check", "--aws", "-c", str(file(site))]) == 0
    assert "served by the fleet" in capsys.readouterr().out


def test_what_was_written_can_be_planned_with_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(site.directory)
    site.send(5)

    assert init(site, "--from-task-definition", site.cluster, "--cluster", site.cluster) == 0

    assert main(["plan", "-c", str(file(site))]) == 0


def test_a_service_gives_its_own_network_and_cluster(site: Site, ec2: Any) -> None:
    subnet = ec2.describe_subnets()["Subnets"][-1]["SubnetId"]
    group = ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]

    assert init(site, "--from-service", service(site, subnet, group)) == 0

    (fleet,) = load([file(site)], {}).fleets.values()
    assert (fleet.subnets, fleet.security_groups) == ((subnet,), (group,))
    assert (fleet.assign_public_ip, fleet.cluster) == (True, site.cluster)
    assert main(["config", "check", "--aws", "-c", str(file(site))]) == 0


def test_of_several_containers_the_first_essential_one_works_and_the_others_are_told(
    site: Site,
) -> None:
    family = unique("two")
    more = {"image": "none", "memory": 128}
    site.ecs.register_task_definition(
        family=family,
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="1024",
        memory="2048",
        runtimePlatform={"cpuArchitecture": "ARM64"},
        containerDefinitions=[
            {"name": "log", "essential": False, **more},
            {"name": "main", "essential": True, **more},
        ],
    )

    assert init(site, "--from-task-definition", family, "--cluster", site.cluster) == 0

    (fleet,) = load([file(site)], {}).fleets.values()
    assert fleet.container == "main"
    assert "container: main  # works on the queue; beside it: log" in file(site).read_text()


def test_without_a_network_to_be_found_a_line_is_left_that_a_check_refuses(
    site: Site, aws: LocalAws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.set_faults({"faults": [{"do": "deny", "calls": "ec2:DescribeVpcs"}]})
    try:
        assert init(site, "--from-task-definition", site.cluster) == 0
    finally:
        aws.set_faults({"faults": []})

    told = capsys.readouterr().err
    assert "FILL IN the ids of subnets" in told
    assert "no cluster was named, so it is default; --cluster names another" in told
    assert main(["config", "check", "-c", str(file(site))]) == 2
    assert "subnets: there is nothing in it; write the ids of subnets" in capsys.readouterr().err


def test_no_file_is_written_over_without_force(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    file(site).write_text("mine")
    options = ["--from-task-definition", site.cluster]

    assert init(site, *options) == 2
    assert file(site).read_text() == "mine"
    assert "is there already; name another --out, or give --force" in capsys.readouterr().err

    assert init(site, *options, "--force") == 0
    assert load([file(site)], {}).queues


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "give one of --from-service and --from-task-definition"),
        (
            ["--from-service", "a", "--from-task-definition", "b"],
            "give one of --from-service and --from-task-definition",
        ),
        (
            ["--from-task-definition", "nothing"],
            "there is no task definition nothing; correct its name, or the region",
        ),
        (["--from-service", "nothing"], "cannot look at the service nothing: there is no such"),
        (["--from-task-definition", "a", "--out", "/nowhere/a.yaml"], "there is no task"),
    ],
)
def test_what_is_not_there_is_told_and_nothing_is_written(
    site: Site, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    assert init(site, *options) == 2

    assert sentence in capsys.readouterr().err
    assert not file(site).exists()


def test_a_service_that_is_not_in_the_cluster_is_told(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(site, "--from-service", "nothing", "--cluster", site.cluster) == 2

    assert f"no active service nothing in the cluster {site.cluster}" in capsys.readouterr().err


def test_a_task_definition_that_cannot_run_on_fargate_is_told(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    family = unique("ec2")
    container = {"name": "main", "image": "none", "memory": 128}
    site.ecs.register_task_definition(
        family=family, requiresCompatibilities=["EC2"], containerDefinitions=[container]
    )

    assert init(site, "--from-task-definition", family) == 2

    assert "is for EC2 only; register a revision that requires FARGATE" in capsys.readouterr().err
