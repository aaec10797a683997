"""What Lambda imports: the handler, as soon as can be.

Nothing that an import makes is garbage, so that looking for some waits until it is done.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from autoscaler.runtime import ready_made

gc.disable()
ready_made.use(Path(__file__).parents[2])
handler: Callable[[Mapping[str, Any], object], dict[str, Any]] = import_module(
    "autoscaler.runtime.lambda_handler"
).handler
gc.freeze()
gc.enable()
