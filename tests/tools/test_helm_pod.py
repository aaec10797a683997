"""What the chart renders, run: the container's command and files as processes, on the local AWS.

Credentials come as EKS gives them, and there are no others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from support.chart import Helm, only
from support.eks import irsa, place, pod_identity
from support.local_aws import QUICK, client
from support.mode_stage import LEAVES, Stage
from support.pod import Pod
from support.processes import wait_for
from support.sites import Site
from support.store_worlds import make_table

from autoscaler.local import LocalAws

STATUS_TOKEN = "0123456789abcdef0123456789abcdef"
ROLE = "arn:aws:iam::123456789012:role/queue-autoscaler"


@pytest.fixture(scope="module")
def helm() -> Helm:
    return Helm.found()


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        yield started


@pytest.fixture
def site(aws: LocalAws, tmp_path: Path) -> Site:
    return Site.at(aws.endpoint_url, tmp_path)


def manifests(helm: Helm, site: Site, store: dict[str, Any], **values: Any) -> list[dict[str, Any]]:
    """What the chart makes of the site's configuration with this store."""
    file = site.directory / "values.yaml"
    file.write_text(yaml.safe_dump({"config": {**site.config, "store": store}, **values}))
    return helm.manifests("--values", file)


def test_two_replicas_with_pod_identity_launch_what_one_would_and_tell_it_to_holders_of_the_token(
    helm: Helm, aws: LocalAws, site: Site, tmp_path: Path
) -> None:
    table = site.cluster
    make_table(client(aws.endpoint_url, "dynamodb"), table)
    secret = {"name": "status", "key": "bearer"}
    rendered = manifests(
        helm,
        site,
        {"type": "dynamodb", "table": table},
        replicas=2,
        status={"tokenSecret": secret},
        serviceMonitor={"enabled": True},
    )
    (endpoint,) = only("ServiceMonitor", rendered)["spec"]["endpoints"]
    assert endpoint["authorization"]["credentials"] == secret
    site.send(35)
    secrets = {"status": {"bearer": STATUS_TOKEN}}
    with pod_identity(tmp_path) as given:
        injected = place(aws) | given
        one, other = (Pod(rendered, tmp_path / name, injected, secrets) for name in ("one", "two"))
        with one.running(), other.running():
            for pod in (one, other):
                wait_for(lambda pod=pod: len(pod.events("decided")) >= 3, "three decisions")
                assert pod.healthy()
                assert pod.get(endpoint["path"])[0] == 401
                status, metrics = pod.get(endpoint["path"], STATUS_TOKEN)
                assert status == 200
                assert 'autoscaler_tasks_target{fleet="workers"} 4.0' in metrics
            assert len(site.tasks()) == 4
            assert (one.ends(), other.ends()) == (0, 0)


def test_a_role_for_the_service_account_is_taken_and_a_renewed_config_map_is_taken_over(
    helm: Helm, aws: LocalAws, site: Site, tmp_path: Path
) -> None:
    values = {"aws": {"identity": "irsa", "roleArn": ROLE}, "reload": "hot"}
    rendered = manifests(helm, site, {"type": "memory"}, **values)
    annotations = only("ServiceAccount", rendered)["metadata"]["annotations"]
    given = irsa(tmp_path, ROLE)
    assert annotations["eks.amazonaws.com/role-arn"] == given["AWS_ROLE_ARN"]
    site.send(15)
    with Pod(rendered, tmp_path / "pod", place(aws) | given).running() as pod:
        wait_for(lambda: pod.events("decided"), "a decision")
        assert len(site.tasks()) == 2

        site.config["fleets"]["workers"]["limits"] = {"max_tasks": 3}
        changed = manifests(helm, site, {"type": "memory"}, **values)
        config = next(one["data"] for one in changed if one["kind"] == "ConfigMap")
        renew(pod.path("/etc/autoscaler") / "autoscaler.yaml", config["autoscaler.yaml"])
        wait_for(lambda: pod.events("reloaded"), "a reload")


def renew(file: Path, text: str) -> None:
    """As a node does it: the name comes to lead to another file, at once."""
    newer, name = file.with_name("..newer"), file.with_name("..data")
    newer.write_text(text)
    name.symlink_to(newer)
    name.replace(file)


def test_memory_in_a_file_is_on_the_volume_and_outlives_the_pod(
    helm: Helm, aws: LocalAws, site: Site, tmp_path: Path
) -> None:
    rendered = manifests(helm, site, {"type": "file", "path": "/var/lib/autoscaler"})
    claim = only("PersistentVolumeClaim", rendered)["metadata"]["name"]
    (volume,) = [
        one
        for one in only("Deployment", rendered)["spec"]["template"]["spec"]["volumes"]
        if "persistentVolumeClaim" in one
    ]
    assert volume["persistentVolumeClaim"]["claimName"] == claim
    site.send(15)
    pod = Pod(rendered, tmp_path / "pod", place(aws) | irsa(tmp_path, ROLE))
    for _ in range(2):
        with pod.running():
            wait_for(lambda: pod.events("decided"), "a decision")
            assert pod.ends() == 0
        assert len(site.tasks()) == 2
    written = {one.name for one in pod.path("/var/lib/autoscaler").iterdir()}
    assert written > {"replica.lock"}
    assert not list(pod.path(pod.mounts["tmp"]).iterdir())


def test_a_job_switches_the_queue_whose_season_has_come(
    helm: Helm, aws: LocalAws, site: Site, tmp_path: Path
) -> None:
    make_table(client(aws.endpoint_url, "dynamodb"), site.cluster)
    season = {"direct": [{"from": "01-01", "to": "12-31"}]}
    stage = Stage(site, {**LEAVES, "season": season})
    store = {"type": "dynamodb", "table": site.cluster}
    rendered = manifests(helm, site, store, season={"enabled": True})
    job = Pod(rendered, tmp_path / "pod", place(aws) | irsa(tmp_path, ROLE), kind="CronJob")

    switched, again = job.run(), job.run()

    assert (switched.returncode, switched.stderr) == (0, "")
    assert switched.stdout.endswith("jobs is direct\n")
    assert stage.service()["runningCount"] == 1
    assert again.stdout == "jobs is direct: there is nothing to do\n"


def test_without_credentials_it_says_so_and_holds(
    helm: Helm, aws: LocalAws, site: Site, tmp_path: Path
) -> None:
    rendered = manifests(helm, site, {"type": "memory"})
    pod = Pod(rendered, tmp_path / "pod", place(aws))
    with pod.running():
        wait_for(lambda: "redentials" in pod.log.read_text(), "a word about credentials")
    assert site.tasks() == []
    assert "Traceback" not in pod.log.read_text()
