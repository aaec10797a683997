"""`python -m autoscaler.worker`."""

import sys

from autoscaler.worker import main

sys.exit(main())
