"""Prints the dashboard as it is published."""

from __future__ import annotations

import json
import sys

from autoscaler.telemetry.dashboard.board import board


def main() -> None:
    """Print it."""
    sys.stdout.write(json.dumps(board(), indent=2) + "\n")


if __name__ == "__main__":
    main()
