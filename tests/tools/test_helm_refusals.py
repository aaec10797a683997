"""Wrong values: what helm says about them, before anything reaches a cluster."""

from __future__ import annotations

import pytest
from support.chart import Helm, case, only

QUEUE = "config.queues.thumbnails"
FLEET = "config.fleets.thumbnailers"


@pytest.fixture(scope="module")
def helm() -> Helm:
    return Helm.found()


def refusal(helm: Helm, *settings: str, name: str = "smallest") -> str:
    """What helm says of a case with these settings over it."""
    changes = [part for setting in settings for part in ("--set", setting)]
    done = helm.template("--values", case(name), *changes)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("replica=2", "at '': additional properties 'replica' not allowed"),
        ("replicas=3", "at '/replicas': value must be one of 1, 2"),
        ("image.tags=1", "at '/image': additional properties 'tags' not allowed"),
        ("image.digest=abc", "at '/image/digest': 'abc' does not match pattern"),
        ("aws.identity=pod", "at '/aws/identity': value must be one of 'podIdentity', 'irsa',"),
        ("aws.roleArn=admin", "at '/aws/roleArn': 'admin' does not match pattern '^(arn:aws"),
        ("aws.region=London", "at '/aws/region': 'London' does not match pattern"),
        ("status.port=0", "at '/status/port': minimum: got 0, want 1"),
        ("status.port=http", "at '/status/port': got string, want integer"),
        ("tolerations=all", "at '/tolerations': got string, want array"),
        ("season.schedule=daily", "at '/season/schedule': 'daily' does not match pattern"),
        ("persistence.size=big", "at '/persistence/size': 'big' does not match pattern"),
        ("config.installation=a b", "at '/config/installation': 'a b' does not match pattern"),
        ("config.instalation=a", "at '/config': additional properties 'instalation' not allowed"),
        (f"{FLEET}.limits.max_task=4", "additional properties 'max_task' not allowed"),
        ("config.fleets.new.container=c", "fleets/new': missing properties 'cluster', 'task_def"),
        (f"{FLEET}.spot.share=2", "at '/config/fleets/thumbnailers/spot/share': maximum: got 2"),
        (f"{QUEUE}.confirm=9", "at '/config/queues/thumbnails/confirm': maximum: got 9, want 8"),
        (f"{QUEUE}.policies[0].type=depht", "policies/0/type': value must be one of 'depth', 'ba"),
        (f"{QUEUE}.policies[0].dollars=5", "policies/0': additional properties 'dollars' not all"),
        ("config.store.type=redis", "at '/config/store/type': value must be one of 'memory', 'fi"),
        ("config.store.type=dynamodb", "at '/config/store': missing property 'table'"),
    ],
)
def test_the_schema_names_the_value_and_what_it_must_be(
    helm: Helm, setting: str, said: str
) -> None:
    told = refusal(helm, setting)
    assert said in told
    assert len(told.splitlines()) <= 6, told


def test_what_is_wrong_is_found_by_lint_too(helm: Helm) -> None:
    linted = helm.lint("--values", case("smallest"), "--set", "replicas=3")
    assert linted.returncode == 1
    assert "at '/replicas': value must be one of 1, 2" in linted.stdout


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            ["replicas=2"],
            "replicas is 2, but the store memory is for one replica: set config.store",
        ),
        (
            ["replicas=2", "config.store.type=file", "config.store.path=/memory"],
            "replicas is 2, but the store file is for one replica: set config.store to {type: dyn",
        ),
        (
            ["config.store.type=file", "config.store.path=memory"],
            "config.store.path must begin with /, such as /var/lib/autoscaler: a volume is mounted",
        ),
        (["aws.identity=irsa"], "aws.identity is irsa, but aws.roleArn is empty: name the role"),
        (
            ["season.enabled=true"],
            "season is enabled, but no queue has a season to follow: write one under config.queue",
        ),
        (
            ["season.enabled=true"],
            "season is enabled, but the store memory cannot be shared with its pods: set config.s",
        ),
        (
            ["season.enabled=true", "aws.identity=irsa"],
            "aws.identity is irsa, but season.roleArn is empty: name a role that may do what `aut",
        ),
        (
            ["serviceMonitor.enabled=true"],
            "serviceMonitor needs status.tokenSecret.name, as metrics are told to holders of a tok",
        ),
        (
            [
                "serviceMonitor.enabled=true",
                "status.tokenSecret.name=a",
                "networkPolicy.enabled=true",
            ],
            "networkPolicy.metricsFrom is empty, so nobody could scrape the metrics: name the name",
        ),
    ],
)
def test_what_values_must_be_to_each_other_is_said_in_a_sentence(
    helm: Helm, settings: list[str], said: str
) -> None:
    assert f"\n  {said}" in refusal(helm, *settings)


def test_the_account_may_be_someone_elses_whose_role_is_not_ours_to_name(helm: Helm) -> None:
    others = "aws.identity=irsa,serviceAccount.create=false,serviceAccount.name=pipeline"
    manifests = helm.manifests("--values", case("smallest"), "--set", others)
    pod = only("Deployment", manifests)["spec"]["template"]["spec"]
    assert pod["serviceAccountName"] == "pipeline"
    assert "ServiceAccount" not in {one["kind"] for one in manifests}


def test_all_problems_are_told_at_once(helm: Helm) -> None:
    told = refusal(helm, "replicas=2", "aws.identity=irsa", "serviceMonitor.enabled=true")
    assert len([line for line in told.splitlines() if line.startswith("  ")]) == 3


def test_without_a_configuration_it_says_where_that_goes(helm: Helm) -> None:
    done = helm.template()
    assert done.returncode == 1
    assert "config is empty: put the content of your autoscaler.yaml under it" in done.stderr


def test_a_policy_of_your_own_is_let_through_without_the_schema_but_two_replicas_are_not(
    helm: Helm,
) -> None:
    """An image may hold policies that no published schema knows."""
    own = ("--values", case("smallest"), "--set", f"{QUEUE}.policies[0].type=mine")
    assert "value must be one of 'depth'" in helm.template(*own).stderr
    assert "type: mine" in helm.rendered(*own, "--skip-schema-validation")

    done = helm.template(*own, "--skip-schema-validation", "--set", "replicas=2")
    assert "the store memory is for one replica" in done.stderr
    done = helm.template(*own, "--skip-schema-validation", "--set", "replicas=5")
    assert "replicas is 5: one does the work, a second one stands by" in done.stderr
