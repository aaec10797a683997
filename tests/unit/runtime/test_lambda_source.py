"""Where the Lambda's configuration comes from, and what happens when it changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from support.aws_settings import settings

from autoscaler.aws.objects import Objects
from autoscaler.core.errors import ConfigurationError, ObservationError
from autoscaler.runtime import lambda_handler
from autoscaler.runtime.lambda_source import READ_AGAIN_AFTER, address, may_change, settings_at
from autoscaler.validated import dumps

SOMEWHERE = "s3://bucket/autoscaler.json"


class Shelf:
    """Holds one text, or gives none."""

    def __init__(self, text: str | None) -> None:
        self.text = text
        self.asked = 0

    def read(self, address: str) -> str:
        self.asked += 1
        if self.text is None:
            raise ObservationError(f"{address} cannot be read")
        return self.text


class Maker:
    """Stands for what makes worlds: a world is the settings it was made from."""

    def world(self, chosen: object) -> object:
        return chosen


def house(shelf: Shelf) -> Any:
    chosen = settings()
    return lambda_handler._House(
        objects=cast("Objects", shelf),
        address=SOMEWHERE,
        settings=chosen,
        maker=cast("Any", Maker()),
        aws=cast("Any", chosen),
        book=chosen.rulebook(),
        read_at=1000.0,
        clients=cast("Any", None),
    )


def test_without_a_word_it_is_the_file_in_the_package() -> None:
    found = address({})

    assert Path(found).name == "autoscaler.json"
    assert not may_change(found)
    assert may_change(SOMEWHERE)
    assert may_change("ssm:/autoscaler")


@pytest.mark.parametrize("name", ["AUTOSCALER_PERIOD", "AUTOSCALER_FLEETS__A__LIMITS__MAX_TASKS"])
def test_a_variable_that_would_change_it_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "autoscaler.json"
    path.write_text(dumps(settings()))
    objects = cast("Objects", Shelf(None))

    with pytest.raises(ConfigurationError, match=f"{name} cannot change"):
        settings_at(str(path), objects, {name: "4", "AUTOSCALER_RECORDS": "logs"})

    assert settings_at(str(path), objects, {"AUTOSCALER_RECORDS": "logs"}) == settings()


def test_a_file_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="autoscaler package lambda"):
        settings_at(str(tmp_path / "none.json"), cast("Objects", Shelf(None)), {})


def test_a_changed_configuration_counts_after_five_minutes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changed = replace(settings(), period=60.0)
    shelf = Shelf(dumps(changed))
    there = house(shelf)

    there.refresh(1000.0 + READ_AGAIN_AFTER - 1)
    assert (shelf.asked, there.book.period) == (0, 120.0)

    there.refresh(1000.0 + READ_AGAIN_AFTER)
    assert (shelf.asked, there.book.period, there.aws) == (1, 60.0, changed)
    assert json.loads(capsys.readouterr().out)["event"] == "reloaded"


@pytest.mark.parametrize("text", [None, "{}", "no JSON"])
def test_one_that_cannot_be_read_leaves_the_old_one_in_force(
    text: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    there = house(Shelf(text))

    there.refresh(2000.0)

    assert there.settings == settings()
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["level"]) == ("reload_refused", "error")


def test_an_unchanged_one_is_told_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    there = house(Shelf(dumps(settings())))
    before = there.aws

    there.refresh(2000.0)

    assert there.aws is before
    assert capsys.readouterr().out == ""
