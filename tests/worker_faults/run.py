"""Workers against everything at once: `PYTHONPATH=tests python -m worker_faults.run --seeds 3`.

Slow, failing, hanging and crashing handlers, work longer than the visibility, poison, and workers
that are asked to end or killed all the time. Exit status 1 if a message was lost, handled twice
while its worker lived, or poison did not end in the dead letters after exactly maxReceiveCount.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from worker_faults.figures import Figures
from worker_faults.play import Options, play


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    runs = []
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        with tempfile.TemporaryDirectory(prefix="worker-faults-") as folder:
            runs.append(play(Options(chosen.messages, seed), Path(folder), _say))
        _show(runs[-1], as_json=chosen.json)
    return 1 if any(run.problems() for run in runs) else 0


def _say(line: str) -> None:
    """Show how it goes, on a terminal only and on one line."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{line}")
        sys.stderr.flush()


def _show(run: Figures, *, as_json: bool) -> None:
    _say("")
    if as_json:
        sys.stdout.write(json.dumps({**asdict(run), "problems": run.problems()}) + "\n")
    else:
        for name, value in asdict(run).items():
            sys.stdout.write(f"{name.replace('_', ' '):<40}{value:>10}\n")
        for problem in run.problems():
            sys.stdout.write(f"NOT AS PROMISED: {problem}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker_faults.run", description=__doc__)
    add = parser.add_argument
    add("--messages", type=int, default=Options.messages, help="default %(default)s")
    add("--seed", type=int, default=Options.seed, help="the first seed (default %(default)s)")
    add("--seeds", type=int, default=1, help="runs, each with the next seed (default %(default)s)")
    add("--json", action="store_true", help="print one JSON object a run instead of a table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
