"""A user's mistakes: one clear sentence, exit status 2, nothing launched, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from socket import create_server

import pytest
from support.sites import Site

from autoscaler.cli import main
from autoscaler.core.settings import MemoryInFile
from autoscaler.runtime.replica import only_replica


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    err = capsys.readouterr().err
    assert "Traceback" not in err
    return err


def test_a_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["tick"]) == 2

    assert "autoscaler.yaml" in sentence(capsys)


def test_an_unknown_key_names_the_nearest_one(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet = {**site.config["fleets"]["workers"], "limits": {"max_task": 3}}

    assert main(["tick", "-c", site.write(fleets={"workers": fleet})]) == 2

    told = sentence(capsys)
    assert "fleets.workers.limits.max_task" in told
    assert "max_tasks" in told


def test_a_wrong_type(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tick", "-c", site.write(period="soon")]) == 2

    assert "period" in sentence(capsys)


def test_a_missing_queue(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    queues = {"jobs": {**site.config["queues"]["jobs"], "queue": "nowhere"}}

    assert main(["tick", "-c", site.write(queues=queues)]) == 2

    assert "nowhere" in sentence(capsys)
    assert site.tasks() == []


def test_a_missing_task_definition(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    site.send(1)
    fleets = {"workers": {**site.config["fleets"]["workers"], "task_definition": "nothing"}}

    assert main(["tick", "-c", site.write(fleets=fleets)]) == 2

    assert "nothing" in sentence(capsys)
    assert site.tasks() == []


def test_an_endpoint_nobody_answers_at(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    assert main(["tick", "-c", site.write()]) == 2

    assert "127.0.0.1:9" in sentence(capsys)


def test_no_credentials(
    site: Site, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")

    assert main(["tick", "-c", site.write()]) == 2

    assert "credentials" in sentence(capsys).lower()


@pytest.mark.parametrize(
    "arguments",
    [["tock"], ["tick", "--nonsense"], ["demo", "--messages", "-1"], ["tick", "-o", "xml"]],
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2

    assert "--help shows what there is" in sentence(capsys)


def test_a_port_that_is_taken(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    with create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        assert main(["run", "-c", site.write(), "--port", port]) == 2

    assert port in sentence(capsys)


def test_a_second_controller_on_the_same_files_is_refused(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    config = site.write()
    with only_replica(MemoryInFile(site.config["store"]["path"])):
        assert main(["tick", "-c", config]) == 2

    assert "another controller is using" in sentence(capsys)
    assert main(["tick", "-c", config]) == 0


@pytest.mark.parametrize(
    "verb", ["demo", "plan", "tick", "run", "explain", "init", "pause", "resume"]
)
def test_every_verb_has_help_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0

    assert f"Example: autoscaler {verb}" in capsys.readouterr().out


def test_the_command_line_without_its_extra_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['typer'] = None; "
        "from autoscaler.cli import main; sys.exit(main(['tick']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "pip install 'queue-autoscaler[cli]'" in done.stderr
