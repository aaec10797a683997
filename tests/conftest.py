"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# A slow or busy machine is no failure, so no example has a deadline. Where CI=true the examples
# are the same in every run: a red build can be repeated, and new examples are found elsewhere.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "developer")
