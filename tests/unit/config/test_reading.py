"""What YAML offers works, and what is written is what is meant."""

from __future__ import annotations

from pathlib import Path

from support.configurations import VALID, changed, load_text, told

from autoscaler.core.settings import MemoryInFile, Settings
from policies.depth import Depth


def test_the_smallest_configuration_gets_the_defaults_of_the_core(tmp_path: Path) -> None:
    settings = load_text(tmp_path, VALID)
    assert (settings.version, settings.period) == (1, 120.0)
    assert settings.fleets["thumbnailers"].subnets == ("subnet-1",)
    assert settings.queues["thumbnails"].policies == {"depth": Depth(messages_per_task=10)}


def test_later_files_go_over_earlier_ones_entry_by_entry(tmp_path: Path) -> None:
    over = "fleets: {thumbnailers: {limits: {max_tasks: 3}, subnets: [a, b]}}"
    settings = load_text(tmp_path, VALID, over, "period: 1m")
    fleet = settings.fleets["thumbnailers"]
    assert (fleet.limits.max_tasks, fleet.subnets, fleet.cluster) == (3, ("a", "b"), "pipeline")
    assert settings.period == 60.0


def test_a_policy_is_named_by_its_type_and_numbered_when_it_occurs_twice(tmp_path: Path) -> None:
    more = "- {type: depth, messages_per_task: 5}\n      - {type: depth}\n      - type: depth"
    policies = load_text(tmp_path, changed("- type: depth", more)).queues["thumbnails"].policies
    assert [*policies] == ["depth", "depth-2", "depth-3"]
    assert policies["depth"] == Depth(messages_per_task=5)


def test_a_store_is_chosen_by_its_type(tmp_path: Path) -> None:
    settings = load_text(tmp_path, VALID + "store: {type: file, path: /var/lib/autoscaler}\n")
    assert settings.store == MemoryInFile(path="/var/lib/autoscaler")


def test_dates_are_text_because_no_option_is_a_date(tmp_path: Path) -> None:
    settings = load_text(tmp_path, changed("container: worker", "container: 2026-01-31"))
    assert settings.fleets["thumbnailers"].container == "2026-01-31"


def test_aliases_and_merge_keys_work_and_own_keys_win(tmp_path: Path) -> None:
    text = changed(
        "limits:\n      max_tasks: 10",
        "limits: &some {max_tasks: 7, max_launches_per_tick: 2}\n"
        "    spot: &spot {share: 0.5}\n"
        "  other:\n"
        "    {cluster: c, task_definition: t, container: w, subnets: [s], spot: *spot,\n"
        "     limits: {<<: [*some, {max_tasks: 8, min_tasks: 1}], max_launches_per_tick: 3}}",
    )
    text = text.replace("- type: depth", "- &p\n        type: depth")
    settings = load_text(tmp_path, text + "  more: {queue: q, fleet: other, policies: [*p]}\n")
    other = settings.fleets["other"]
    assert (other.limits.max_tasks, other.limits.min_tasks) == (7, 1)
    assert other.limits.max_launches_per_tick == 3
    assert other.spot.share == 0.5
    assert settings.queues["more"].policies == {"depth": Depth(messages_per_task=10)}


def test_a_value_that_comes_by_an_alias_is_told_where_it_is_written(tmp_path: Path) -> None:
    text = changed("max_tasks: 10", "max_tasks: &n ten\n      min_tasks: *n")
    first, second = told(tmp_path, text)
    assert first.startswith('one.yaml:9: fleets.thumbnailers.limits.max_tasks: "ten" is text')
    assert second.startswith('one.yaml:10: fleets.thumbnailers.limits.min_tasks: "ten" is text')


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert isinstance(load_text(tmp_path, "\ufeff" + VALID), Settings)


def test_a_floor_can_be_as_high_as_the_ceiling(tmp_path: Path) -> None:
    settings = load_text(tmp_path, changed("max_tasks: 10", "max_tasks: 3\n      min_tasks: 3"))
    assert settings.fleets["thumbnailers"].limits.min_tasks == 3


def test_a_missing_key_is_told_where_the_first_file_has_its_mapping(tmp_path: Path) -> None:
    over = "period: 1m\nfleets:\n  thumbnailers: {region: eu-west-2}"
    problem = "fleets.thumbnailers.cluster: this key is required, and missing"
    assert told(tmp_path, changed("    cluster: pipeline\n", ""), over) == [
        f"one.yaml:3: {problem}"
    ]
