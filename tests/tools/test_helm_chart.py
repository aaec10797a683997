"""The chart by the real helm: linted, rendered, and each manifest known to Kubernetes."""

from __future__ import annotations

import json
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from kubernetes_validate import utils
from support import golden_chart
from support.chart import CASES, NAMESPACE, RELEASE, Helm, case, only
from support.chart_schema import CHART
from support.programs import program

from autoscaler.config import load

VERSIONS = ("1.29", "1.31", "1.33", "1.35", "1.37")
OPERATORS = {"ServiceMonitor", "PrometheusRule"}
"""Kinds that Kubernetes learns of the Prometheus operator only."""


@pytest.fixture(scope="module")
def helm() -> Helm:
    return Helm.found()


@pytest.fixture(scope="module")
def manifests(helm: Helm) -> dict[str, list[dict[str, Any]]]:
    """By case."""
    return {name: helm.manifests("--values", case(name)) for name in CASES}


def test_there_are_six_cases() -> None:
    assert CASES == ["file", "irsa", "monitored", "replicas", "season", "smallest"]


@pytest.mark.parametrize("name", CASES)
def test_it_is_linted(helm: Helm, name: str) -> None:
    linted = helm.lint("--values", case(name))
    assert (linted.returncode, linted.stderr) == (0, ""), linted.stdout


def test_it_is_linted_with_nothing_configured(helm: Helm) -> None:
    assert helm.lint().returncode == 0


@pytest.mark.parametrize("name", CASES)
def test_it_renders_what_it_did(helm: Helm, name: str) -> None:
    kept = golden_chart.file(name).read_text(encoding="utf-8")
    assert golden_chart.render(helm, name) == kept, f"if that is wanted: {golden_chart.__doc__}"


def test_packaged_it_renders_the_same(helm: Helm, tmp_path: Path) -> None:
    """What is not in the archive is missed at a user's: the copies of rules and dashboard, say."""
    assert helm.run("package", CHART, "--destination", tmp_path).returncode == 0
    (archive,) = tmp_path.glob("*.tgz")
    with tarfile.open(archive) as packed:
        assert not [name for name in packed.getnames() if "/ci/" in name]
    options = ("--namespace", NAMESPACE, "--values", case("monitored"))
    assert helm.run("template", RELEASE, archive, *options).stdout == helm.rendered(*options[2:])


def test_every_kind_the_chart_has_is_in_some_case(
    manifests: dict[str, list[dict[str, Any]]],
) -> None:
    kinds = {one["kind"] for rendered in manifests.values() for one in rendered}
    assert kinds == OPERATORS | {
        "ConfigMap",
        "CronJob",
        "Deployment",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "Service",
        "ServiceAccount",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_kubernetes_takes_every_manifest(
    manifests: dict[str, list[dict[str, Any]]], version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(utils, "schema_contents", cache(utils.schema_contents))
    known = [one for all_ in manifests.values() for one in all_ if one["kind"] not in OPERATORS]
    assert {kubernetes_validate.validate(one, version, strict=True) for one in known} == {version}


def test_kubernetes_takes_no_misspelt_key(manifests: dict[str, list[dict[str, Any]]]) -> None:
    deployment = only("Deployment", manifests["smallest"])
    deployment["spec"]["template"]["spec"]["enableServiceLink"] = False
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, VERSIONS[0], strict=True)
    del deployment["spec"]["template"]["spec"]["enableServiceLink"]


@pytest.mark.parametrize("name", CASES)
def test_the_autoscaler_reads_its_configuration_as_it_was_written(
    manifests: dict[str, list[dict[str, Any]]], name: str, tmp_path: Path
) -> None:
    mounted = tmp_path / "autoscaler.yaml"
    mounted.write_text(config_map(manifests[name])["data"]["autoscaler.yaml"])
    written = tmp_path / "written.yaml"
    written.write_text(yaml.safe_dump(yaml.safe_load(case(name).read_text())["config"]))

    assert load([mounted], {}) == load([written], {})


@pytest.mark.parametrize("name", CASES)
def test_an_upgrade_keeps_what_a_deployment_selects_by(
    helm: Helm, manifests: dict[str, list[dict[str, Any]]], name: str
) -> None:
    """It cannot be changed: an upgrade that tried would be refused by Kubernetes."""
    labels = {"app.kubernetes.io/name": "queue-autoscaler", "app.kubernetes.io/instance": RELEASE}
    deployment = only("Deployment", manifests[name])
    assert deployment["spec"]["selector"] == {"matchLabels": labels}
    assert deployment["spec"]["template"]["metadata"]["labels"].items() >= labels.items()
    assert only("Service", manifests[name])["spec"]["selector"] == labels


def test_an_upgrade_from_the_defaults_to_any_other_values_is_one_of_the_same_objects(
    helm: Helm, manifests: dict[str, list[dict[str, Any]]]
) -> None:
    for name in CASES:
        values = ("--values", case(name), "--set", "fullnameOverride=")
        after = {(one["kind"], one["metadata"]["name"]) for one in helm.manifests(*values)}
        assert ("Deployment", RELEASE) in after
        assert ("ConfigMap", RELEASE) in after
        assert ("Service", RELEASE) in after


@pytest.mark.parametrize("name", CASES)
def test_all_is_in_the_namespace_and_says_whose_it_is(
    manifests: dict[str, list[dict[str, Any]]], name: str
) -> None:
    for one in manifests[name]:
        assert one["metadata"]["namespace"] == NAMESPACE
        assert one["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "Helm"


@pytest.mark.parametrize("name", CASES)
def test_the_container_may_do_nothing_it_need_not(
    manifests: dict[str, list[dict[str, Any]]], name: str
) -> None:
    for template in pods(manifests[name]):
        pod = template["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        mounts = container["volumeMounts"]
        writable = {mount["name"] for mount in mounts if "readOnly" not in mount}
        assert writable == ({"tmp", "memory"} if name == "file" else {"tmp"})


def test_what_follows_the_season_is_no_part_of_the_controller_but_as_hedged_in(
    manifests: dict[str, list[dict[str, Any]]],
) -> None:
    """A Service would send scrapes to it, and a budget count it; its role is one of its own."""
    rendered = manifests["season"]
    controller, job = pods(rendered)
    assert job["spec"]["containers"][0]["command"] == ["autoscaler", "mode", "follow"]
    labels = job["metadata"]["labels"].items()
    selector = only("Service", rendered)["spec"]["selector"].items()
    assert selector <= controller["metadata"]["labels"].items()
    assert not selector <= labels
    accounts = [one["metadata"]["name"] for one in rendered if one["kind"] == "ServiceAccount"]
    used = [one["spec"]["serviceAccountName"] for one in (controller, job)]
    assert sorted(accounts) == sorted(used)
    assert len({*used}) == 2
    for pod in (controller, job):
        hedged = only("NetworkPolicy", rendered)["spec"]["podSelector"]["matchExpressions"]
        assert all(pod["metadata"]["labels"][one["key"]] in one["values"] for one in hedged)


def test_the_notes_tell_who_follows_a_season_and_warn_where_nobody_does(helm: Helm) -> None:
    followed = helm.notes("--values", case("season"))
    alone = helm.notes("--values", case("season"), "--set", "season.enabled=false")
    assert "The CronJob queue-autoscaler-season switches thumbnails" in followed
    assert "WARNING" not in followed
    assert "WARNING: nobody follows the season of thumbnails: set season.enabled to true" in alone


def pods(manifests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The templates of all pods: the controller's, and what follows the season."""
    jobs = [one["spec"]["jobTemplate"] for one in manifests if one["kind"] == "CronJob"]
    owners = [only("Deployment", manifests), *jobs]
    return [one["spec"]["template"] for one in owners]


@pytest.mark.parametrize(
    ("name", "strategy"),
    [
        ("smallest", "Recreate"),
        ("file", "Recreate"),
        ("replicas", "RollingUpdate"),
    ],
)
def test_two_at_a_time_only_where_they_share_their_memory(
    manifests: dict[str, list[dict[str, Any]]], name: str, strategy: str
) -> None:
    assert only("Deployment", manifests[name])["spec"]["strategy"]["type"] == strategy


def test_a_role_is_in_the_account_for_irsa_and_nowhere_for_pod_identity(
    manifests: dict[str, list[dict[str, Any]]],
) -> None:
    annotated = only("ServiceAccount", manifests["irsa"])["metadata"]["annotations"]
    assert annotated == {
        "eks.amazonaws.com/role-arn": (
            "arn:aws-us-gov:iam::123456789012:role/pipeline/queue-autoscaler"
        ),
        "eks.amazonaws.com/token-expiration": "3600",
    }
    assert "annotations" not in only("ServiceAccount", manifests["replicas"])["metadata"]


@pytest.mark.parametrize(
    ("name", "ports"),
    [("irsa", [[53, 53], [443]]), ("replicas", [[53, 53], [443], [80]])],
)
def test_a_pod_gets_out_to_what_it_needs_and_nobody_in_who_was_not_named(
    manifests: dict[str, list[dict[str, Any]]], name: str, ports: list[list[int]]
) -> None:
    """Only Pod Identity has an agent on the node that must be asked."""
    spec = only("NetworkPolicy", manifests[name])["spec"]
    assert [[port["port"] for port in rule["ports"]] for rule in spec["egress"]] == ports
    assert (spec["policyTypes"], spec["ingress"]) == (["Ingress", "Egress"], [])


def test_pods_start_anew_for_a_changed_configuration(helm: Helm) -> None:
    assert checksum(helm) != checksum(helm, "config.queues.thumbnails.confirm=2")
    assert checksum(helm) != checksum(helm, "config.period=1m")
    assert checksum(helm) == checksum(helm, "status.port=9090")


def test_taken_over_hot_pods_start_anew_only_for_what_no_running_one_takes_over(
    helm: Helm,
) -> None:
    hot = checksum(helm, "reload=hot")
    assert hot == checksum(helm, "reload=hot", "config.queues.thumbnails.confirm=2")
    for changed in ("period=1m", "installation=other", "launch_rate.burst=7", "store.type=memory"):
        assert hot != checksum(helm, "reload=hot", f"config.{changed}"), changed


def test_prometheus_takes_the_rules_with_the_promises_of_the_values(
    manifests: dict[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    promtool = program("promtool", package="prometheus")
    rules = tmp_path / "rules.yaml"
    spec = only("PrometheusRule", manifests["monitored"])["spec"]
    rules.write_text(yaml.safe_dump(spec))

    subprocess.run([promtool, "check", "rules", str(rules)], check=True, capture_output=True)
    (promise,) = [
        rule["expr"]
        for group in spec["groups"]
        for rule in group["rules"]
        if rule.get("record") == "autoscaler:queue_promise_seconds"
    ]
    assert promise == (
        'label_replace(vector(60), "queue", "pictures", "", "") or on (queue) '
        'label_replace(vector(300), "queue", "thumbnails", "", "") or on (queue) '
        "0 * max by (queue) (autoscaler_queue_messages) + 900"
    )


def test_grafana_gets_the_dashboard_as_it_is(manifests: dict[str, list[dict[str, Any]]]) -> None:
    (found,) = [
        one for one in manifests["monitored"] if "queue-autoscaler.json" in one.get("data", {})
    ]
    assert found["metadata"]["labels"]["grafana_dashboard"] == "1"
    kept = (CHART / "files" / "dashboard.json").read_text(encoding="utf-8")
    assert json.loads(found["data"]["queue-autoscaler.json"]) == json.loads(kept)


def config_map(manifests: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [one for one in manifests if "autoscaler.yaml" in one.get("data", {})]
    return found


def checksum(helm: Helm, *settings: str) -> str:
    changes = [part for setting in settings for part in ("--set", setting)]
    manifests = helm.manifests("--values", case("smallest"), *changes)
    annotations = only("Deployment", manifests)["spec"]["template"]["metadata"]["annotations"]
    found: str = annotations["checksum/config"]
    return found
