"""Finding the service a request is for; moto looks through its 180 folders on disk every time.

That is a third of the 3.4 ms a small SQS request costs the server.
"""

from __future__ import annotations

import functools

from moto.server import DomainDispatcherApplication


def apply() -> None:
    """Correct moto. Hosts are names of service and region, so there are few to remember."""
    look = DomainDispatcherApplication.get_backend_for_host
    DomainDispatcherApplication.get_backend_for_host = functools.cache(look)
