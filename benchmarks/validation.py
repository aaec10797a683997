"""Whether the simulated queue waits as theory says, over fifty million messages.

``PYTHONPATH=tests python benchmarks/validation.py`` prints a table, ``--json`` one object. Takes
about a minute. Exit status 1 if theory lies outside an interval.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping

from support.reference_theory import Interval
from support.static_fleet import Waits

LOADS = (0.5, 0.8, 0.95)
SERVERS = 10
BATCHES, SIZE = 34, 500_000
"""Of each load: 17 million messages, in batches so that memory stays small."""


def row(waits: Waits) -> dict[str, object]:
    """One load as figures."""
    queue = waits.queue
    return {
        "load": queue.offered / queue.servers,
        "servers": queue.servers,
        "arrivals": waits.arrivals,
        **_beside("mean_wait", queue.mean_wait, waits.mean),
        **_beside("share_that_waits", queue.probability_of_waiting, waits.share_that_waits),
    }


def _beside(name: str, theory: float, measured: Interval) -> Mapping[str, object]:
    return {
        f"{name}_theory": round(theory, 6),
        f"{name}_measured": round(measured.mean, 6),
        f"{name}_half_interval": round(measured.half, 6),
        f"{name}_agrees": theory in measured,
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="one object for programs")
    as_json = parser.parse_args().json
    rows = [row(Waits.of(rho, SERVERS, BATCHES, SIZE)) for rho in LOADS]
    agrees = all(value for each in rows for name, value in each.items() if name.endswith("agrees"))
    if as_json:
        print(json.dumps({"agrees": agrees, "loads": rows}))
    else:
        for each in rows:
            print("\n".join(f"{name:<32}{value!s:>14}" for name, value in each.items()), end="\n\n")
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
