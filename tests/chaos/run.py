"""Everything at once against the controller: `make chaos`, or `python -m chaos.run --seeds 10`.

Two controllers on one DynamoDB table, real worker processes, and a local AWS that throttles,
fails, loses replies, lies in its lists and takes Spot tasks back, while controllers and workers
are killed. Exit status 1 if a message was lost, more tasks lived than allowed, a launch happened
twice, something was left, or a recorded tick is decided otherwise when it is decided once more.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from chaos.figures import Figures
from chaos.options import Options
from chaos.play import play


def main(arguments: Sequence[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    runs = []
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        options = Options(messages=chosen.messages, seed=seed)
        runs.append(_play(options, chosen.directory))
        if not chosen.json:
            _show(runs[-1])
    failed = [run for run in runs if run.problems()]
    if chosen.json:
        told = [{**asdict(run), "problems": run.problems()} for run in runs]
        sys.stdout.write(json.dumps(told[0] if chosen.seeds == 1 else {"runs": told}) + "\n")
    elif chosen.seeds > 1:
        sys.stdout.write(f"{len(runs) - len(failed)} of {len(runs)} seeds pass\n")
    return 1 if failed else 0


def _play(options: Options, directory: Path | None) -> Figures:
    if directory is not None:
        kept = directory / f"seed-{options.seed}"
        kept.mkdir(parents=True)
        return play(options, kept, _say)
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as temporary:
        return play(options, Path(temporary), _say)


def _say(line: str) -> None:
    """Show how it goes, on a terminal only and on one line."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{line}")
        sys.stderr.flush()


def _show(run: Figures) -> None:
    _say("")
    for name, value in asdict(run).items():
        if isinstance(value, Mapping):
            sys.stdout.write(f"{name.replace('_', ' ')}:\n")
            for each, count in value.items():
                sys.stdout.write(f"    {each:<56}{count:>8}\n")
        else:
            sys.stdout.write(f"{name.replace('_', ' '):<60}{value:>8}\n")
    for problem in run.problems():
        sys.stdout.write(f"NOT AS PROMISED: {problem}\n")
    sys.stdout.write("\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chaos.run", description=__doc__)
    add = parser.add_argument
    add("--messages", type=int, default=Options.messages, help="default %(default)s")
    add("--seed", type=int, default=Options.seed, help="the first seed (default %(default)s)")
    add("--seeds", type=int, default=1, help="runs, each with the next seed (default %(default)s)")
    add("--directory", type=Path, help="keep logs and records in a new directory for each seed")
    add("--json", action="store_true", help="print one JSON object instead of tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
