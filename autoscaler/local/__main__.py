"""`python -m autoscaler.local`: the local AWS as a process of its own.

It prints its endpoint URL once it answers, and ends on Ctrl-C, SIGTERM or SIGHUP, taking every
task with it.
"""

from __future__ import annotations

import argparse
import faulthandler
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from autoscaler.local.durations import seconds_from
from autoscaler.local.faults.reading import read_file
from autoscaler.local.orphans import when_abandoned
from autoscaler.local.settings import LocalSettings, TaskDelays

if TYPE_CHECKING:
    from collections.abc import Sequence

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; return the exit status."""
    chosen = _parser().parse_args(arguments)
    stop = threading.Event()
    for number in _STOP_SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    if chosen.lifeline is not None:
        when_abandoned(chosen.lifeline, stop.set)
    try:
        _serve(_settings(chosen), chosen.ready_file, stop)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"the local AWS cannot start: {problem}\n")
        return 2
    if chosen.discard:
        shutil.rmtree(chosen.data_dir, ignore_errors=True)
    return 0


def _serve(settings: LocalSettings, ready_file: Path | None, stop: threading.Event) -> None:
    faulthandler.enable()
    with ExitStack() as stack:
        data_dir = settings.data_dir or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="local-aws-"))
        )
        from autoscaler.local.server import Server  # noqa: PLC0415  (moto: two seconds, 100 MB)

        server = Server(settings, data_dir)
        stack.callback(server.stop)
        _announce(server.endpoint_url, ready_file)
        stop.wait()


def _announce(endpoint_url: str, ready_file: Path | None) -> None:
    sys.stdout.write(f"{endpoint_url}\n")
    sys.stdout.flush()
    if ready_file is not None:
        draft = ready_file.with_name(f"{ready_file.name}.part")
        draft.write_text(f"{endpoint_url}\n")
        draft.replace(ready_file)  # whoever waits for the file never reads half of it


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m autoscaler.local", description=__doc__)
    plain, delays = LocalSettings(), TaskDelays()
    add = parser.add_argument
    add("--port", type=int, default=plain.port, help="0 takes any free port (default)")
    add("--region", default=plain.region, help="the region tasks are told (default %(default)s)")
    add("--ready-file", type=Path, help="write the endpoint URL here once it answers")
    add("--data-dir", type=Path, help="keep task logs here (default: a temporary directory)")
    add("--start-up", type=seconds_from, help="share this between provisioning and pull: 3s")
    add("--provisioning", type=seconds_from, default=delays.provisioning)
    add("--pull", type=seconds_from, default=delays.pull)
    add("--deprovisioning", type=seconds_from, default=delays.deprovisioning)
    add("--metrics-period", type=seconds_from, default=plain.metrics_period)
    add("--metrics-early", type=seconds_from, default=plain.metrics_early)
    add("--mapping-toggle", type=seconds_from, default=plain.mapping_toggle)
    add("--faults", type=Path, help="a fault script, YAML or JSON, in force from the start")
    add("--lifeline", type=int, help="end when this file descriptor, a pipe, is closed")
    add("--discard", action="store_true", help="remove --data-dir in the end")
    return parser


def _settings(chosen: argparse.Namespace) -> LocalSettings:
    delays = TaskDelays(chosen.provisioning, chosen.pull, chosen.deprovisioning)
    if chosen.start_up is not None:
        delays = TaskDelays.start_up(chosen.start_up, deprovisioning=chosen.deprovisioning)
    return LocalSettings(
        region=chosen.region,
        delays=delays,
        metrics_period=chosen.metrics_period,
        metrics_early=chosen.metrics_early,
        mapping_toggle=chosen.mapping_toggle,
        port=chosen.port,
        data_dir=chosen.data_dir,
        faults=read_file(chosen.faults) if chosen.faults else {},
    )


if __name__ == "__main__":
    sys.exit(main())
