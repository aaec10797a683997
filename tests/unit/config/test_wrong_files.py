"""Files that hold no configuration, and many problems at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, changed, told

from autoscaler.config import load
from autoscaler.core.errors import ConfigurationError


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ": there is nothing in it; it must be a mapping of keys"),
        ("# later\n", ": there is nothing in it; it must be a mapping of keys"),
        ("- a\n", ": there is a list or a single value in it; it must be a mapping of keys"),
        ("a: b: c\n", ":1:5: this is not YAML: mapping values are not allowed in this context"),
        ("a:\n\tb: c\n", ":2:1: this is not YAML: there is a tab; indent with spaces"),
        ("a: \x01\n", ": this is not YAML: it has characters that YAML does not allow"),
        ("a: *b\n", ":1:4: this is not YAML: found undefined alias"),
    ],
)
def test_a_file_that_holds_no_mapping_is_told_with_line_and_column(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert told(tmp_path, text) == [f"one.yaml{problem}"]


def test_fleets_and_queues_must_not_be_empty(tmp_path: Path) -> None:
    assert told(tmp_path, "installation: prod\nfleets: {}\nqueues: {}\n") == [
        "one.yaml:2: fleets: this has 0 entries; it must have at least 1",
        "one.yaml:3: queues: this has 0 entries; it must have at least 1",
    ]


def test_a_fleet_without_a_queue_and_a_queue_without_its_fleet_are_told(tmp_path: Path) -> None:
    served, names = told(tmp_path, changed("fleet: thumbnailers", "fleet: other"))
    unserved = "no queue names this fleet; name it in a queue or remove it"
    assert served == f"one.yaml:3: fleets.thumbnailers: {unserved}"
    unknown = "there is no fleet other; known: thumbnailers"
    assert names == f"one.yaml:13: queues.thumbnails.fleet: {unknown}"


def test_a_queue_whose_fleet_is_no_text_is_told_once(tmp_path: Path) -> None:
    lines = told(tmp_path, changed("fleet: thumbnailers", "fleet: []"))
    assert "one.yaml:13: queues.thumbnails.fleet: this is a list; it must be text" in lines


def test_all_problems_are_told_at_once_from_the_top(tmp_path: Path) -> None:
    text = changed("max_tasks: 10", "max_tasks: x").replace("type: depth", "type: wide")
    assert [line.split(": ")[0] for line in told(tmp_path, text + "period: 0\n")] == [
        "one.yaml:9",
        "one.yaml:15",
        "one.yaml:17",
    ]


def test_many_problems_end_with_a_count_of_the_rest(tmp_path: Path) -> None:
    lines = told(tmp_path, VALID + "".join(f"wrong{n}: 1\n" for n in range(20)))
    assert len(lines) == 12
    assert lines[-1] == "and 9 more like these"


def test_each_problem_names_the_file_it_is_in(tmp_path: Path) -> None:
    over = "fleets:\n  thumbnailers:\n    limits: {max_tasks: no}\n"
    first, second = told(tmp_path, changed("_task: 10", "_task: 0"), over)
    assert first.startswith("one.yaml:16: queues.thumbnails.policies[0].messages_per_task: 0 is")
    assert second.startswith("two.yaml:3: fleets.thumbnailers.limits.max_tasks: no is true")


def test_a_list_that_contains_itself_is_told(tmp_path: Path) -> None:
    lines = told(tmp_path, VALID + "store: &s [*s]\n")
    assert "one.yaml:17: store[0]: this contains itself by an alias; write it out" in lines


def test_a_missing_file_a_directory_and_other_encodings_are_told(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfea")
    with pytest.raises(ConfigurationError) as caught:
        load([tmp_path / "none.yaml", tmp_path, binary], {})
    assert str(caught.value).replace(str(tmp_path), "DIR").splitlines() == [
        "DIR: the file cannot be read: is a directory",
        "DIR/binary.yaml: this is not text in UTF-8; save it in that encoding",
        "DIR/none.yaml: there is no such file",
    ]


def test_no_file_at_all_is_told() -> None:
    with pytest.raises(ConfigurationError, match="name one with --config"):
        load([], {})
