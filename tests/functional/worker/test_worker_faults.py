"""A small run of what `python -m worker_faults.run` does with thousands of messages."""

from pathlib import Path

from worker_faults.play import Options, play


def test_nothing_is_lost_doubled_or_left_whatever_handlers_and_kills_do(tmp_path: Path) -> None:
    run = play(Options(messages=120, seed=4, workers=3, slots=6), tmp_path, lambda _line: None)
    assert run.problems() == []
    assert (run.done, run.poison, run.dead) == (119, 1, 1)
    assert run.killed + run.terminated > 0
