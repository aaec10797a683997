"""The Lambda's package: small, the same whenever it is built, and enough to run a tick."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.aws_settings import settings
from support.invoking import invoke
from support.local_aws import client, unique
from support.sites import Site

from autoscaler.cli import main
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.settings import MemoryInDynamoDb, QueueSettings, Settings
from autoscaler.local import LocalAws
from autoscaler.local.emf import metrics_in
from autoscaler.operations.packaging.lambda_package import package as build
from autoscaler.operations.packaging.lambda_package import validated

HEAVY = {"boto3", "pydantic", "pydantic_core", "yaml", "structlog", "prometheus_client", "typer"}
UNCHECKED_HASH = 0b01
"""Of a .pyc's flags [PEP 552]: taken as it is, without a look at the source."""
TABLE = {"type": "dynamodb", "table": "autoscaler"}


def validated_file(site: Site) -> Path:
    path = site.directory / "autoscaler.json"
    written = site.write(store=TABLE, period="2m")
    assert main(["package", "config", "--config", written, "--output", str(path)]) == 0
    return path


def event() -> dict[str, str]:
    return {"scheduled_time": datetime.now(UTC).replace(microsecond=0).isoformat()}


def test_it_is_small_and_carries_nothing_compiled_nor_heavy(package: Path) -> None:
    names = zipfile.ZipFile(package).namelist()

    assert package.stat().st_size <= 8e6
    assert not [name for name in names if name.endswith((".so", ".pyd"))]
    assert not HEAVY & {name.partition("/")[0] for name in names}


def test_bytecode_is_used_without_a_look_at_the_source(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        made = [name for name in names if name.endswith(".pyc")]
        flags = {archive.read(name)[4] for name in made}

    assert flags == {UNCHECKED_HASH}
    assert len(made) == sum(name.endswith(".py") for name in names) > 100


def test_it_has_the_models_of_the_services_it_asks_and_of_no_other(package: Path) -> None:
    names = zipfile.ZipFile(package).namelist()

    services = {name.split("/")[2] for name in names if name.startswith("botocore/data/")}
    folders = {one for one in services if not one.endswith(".json")}
    of_instances = {"application-autoscaling", "autoscaling", "ec2"}
    basics = {"cloudwatch", "dynamodb", "ecs", "s3", "sns", "sqs", "ssm", "sts"}
    assert folders == basics | of_instances


def test_by_itself_it_launches_tells_and_loads_nothing_heavy(
    aws: LocalAws, site: Site, unpacked: Path
) -> None:
    site.send(15)
    environ = {**aws.environment, "AUTOSCALER_CONFIG": str(validated_file(site))}

    done = invoke(unpacked, environ, event(), event())

    first, second = (answer["fleets"][0] for answer in done.answers)
    assert (first["end"], first["launched"], second["launched"]) == ("decided", 2, 0)
    assert len(site.tasks()) == 2
    assert not HEAVY & set(done.modules)
    figures = [one for line in done.lines for one in metrics_in(json.dumps(line))]
    launched = [one for one in figures if one.name == "autoscaler_tasks_launched_total"]
    assert [one.values for one in launched] == [(2.0,)]
    assert [line["fleet"] for line in done.lines if "version" in line] == ["workers"] * 2


def test_configuration_comes_from_s3_and_records_go_there(
    aws: LocalAws, site: Site, unpacked: Path
) -> None:
    site.send(1)
    s3, bucket = client(aws.endpoint_url, "s3"), unique("bucket")
    s3.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.settings.region}
    )
    s3.put_object(Bucket=bucket, Key="conf/a.json", Body=validated_file(site).read_bytes())
    environ = {
        **aws.environment,
        "AUTOSCALER_CONFIG": f"s3://{bucket}/conf/a.json",
        "AUTOSCALER_RECORDS": f"s3://{bucket}/records/",
    }

    done = invoke(unpacked, environ, event())

    assert done.answers[0]["fleets"][0]["launched"] == 1
    (key,) = [
        one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix="records/")["Contents"]
    ]
    assert key.startswith(f"records/{datetime.now(UTC):%Y/%m}")
    assert key.endswith(".jsonl")
    path = site.directory / "records.jsonl"
    path.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    assert main(["explain", str(path)]) == 0
    assert not [line for line in done.lines if "version" in line]


def test_configuration_comes_from_a_parameter(aws: LocalAws, site: Site, unpacked: Path) -> None:
    site.send(1)
    text = validated_file(site).read_text()
    name = f"/{unique('autoscaler')}"
    client(aws.endpoint_url, "ssm").put_parameter(Name=name, Value=text, Type="SecureString")

    done = invoke(unpacked, {**aws.environment, "AUTOSCALER_CONFIG": f"ssm:{name}"}, event())

    assert done.answers[0]["fleets"][0]["launched"] == 1


# ------------------------------------------------------------------- policies of somebody else


PLUGIN = """
from dataclasses import dataclass
from typing import ClassVar
from autoscaler.core.model import Advice

@dataclass(frozen=True)
class Always:
    tasks: int = 1
    needs: ClassVar = ()

    def advise(self, seen):
        return Advice(want=self.tasks, why="always")
"""


def with_plugin(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    name = unique("plugin").replace("-", "_")
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(folder))
    policy = __import__(name).Always(3)
    base = settings()
    return Settings(
        installation="house",
        fleets=base.fleets,
        queues={"pictures": QueueSettings("pictures", "thumbs", {"always": policy})},
        store=MemoryInDynamoDb("autoscaler"),
    )


def test_a_policy_of_somebody_else_goes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = with_plugin(tmp_path, monkeypatch)

    made = build(tmp_path / "lambda.zip", chosen, validated(chosen))

    names = zipfile.ZipFile(made.path).namelist()
    assert [name for name in names if name.startswith("plugin_") and name.endswith(".py")]


def test_a_policy_with_compiled_parts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = with_plugin(tmp_path, monkeypatch)
    (folder,) = tmp_path.glob("plugin_*")
    (folder / "fast.cpython-311-x86_64-linux-gnu.so").touch()

    with pytest.raises(ConfigurationError, match="compiled for this machine"):
        build(tmp_path / "lambda.zip", chosen, validated(chosen))


def test_a_policy_that_cannot_be_imported_alone_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = with_plugin(tmp_path, monkeypatch)
    (folder,) = tmp_path.glob("plugin_*")
    (folder / "__init__.py").write_text("import requests_of_nobody\n")

    with pytest.raises(ConfigurationError, match="requests_of_nobody"):
        build(tmp_path / "lambda.zip", chosen, validated(chosen))


@pytest.mark.parametrize("store", [{"type": "memory"}, {"type": "file", "path": "memory"}])
def test_a_memory_that_a_lambda_would_lose_is_refused(
    site: Site, store: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["package", "lambda", "--config", site.write(store=store)]) == 2

    assert "store: {type: dynamodb, table: autoscaler}" in capsys.readouterr().err
