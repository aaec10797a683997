"""Ports of this computer."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port that nobody listens on, for programs that cannot be given 0."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port
