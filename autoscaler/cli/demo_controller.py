"""The controller process of a demo: `autoscaler run`, which ends when the demo does."""

from __future__ import annotations

import os
import signal
import sys

from autoscaler.cli import main
from autoscaler.local.orphans import when_abandoned

if __name__ == "__main__":
    when_abandoned(int(sys.argv[1]), lambda: os.kill(os.getpid(), signal.SIGTERM))
    sys.exit(main(["run", *sys.argv[2:]]))
