"""The commands of docs/replay.md print what the page shows."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from support.recorded import EAGER, kept, lived, written

from autoscaler.cli import main

PAGE = (Path(__file__).parents[3] / "docs" / "replay.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n\$ autoscaler (.*?)\n(.*?)```", PAGE, flags=re.DOTALL)


def test_each_command_prints_what_the_page_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written()
    written(EAGER, "new.yaml")
    kept(lived())

    assert len(BLOCKS) == 2
    for command, shown in BLOCKS:
        assert main(shlex.split(command)) == (1 if "new.yaml" in command else 0)
        assert shown in capsys.readouterr().out


def test_every_key_is_on_the_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(EAGER)
    kept(lived(config=written(name="old.yaml")))

    main(["replay", "-o", "json"])

    told = json.loads(capsys.readouterr().out)
    fleet = told["fleets"]["queue-proc"]
    keys = {*told, *fleet, *fleet["then"], *told["differences"][0]} - {"version"}
    assert {key for key in keys if f"`{key}`" not in PAGE} == set()
