"""How EKS hands credentials to a pod, by its two ways, played on this computer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from autoscaler.local import LocalAws

TOKEN = "projected-into-the-pod-by-eks"
KEYS = {"AccessKeyId": "local", "SecretAccessKey": "local", "Token": "local"}


def place(aws: LocalAws) -> dict[str, str]:
    """Where AWS is; on EKS, only its region is told."""
    return {"AWS_ENDPOINT_URL": aws.endpoint_url, "AWS_REGION": aws.settings.region}


@contextmanager
def pod_identity(folder: Path) -> Iterator[dict[str, str]]:
    """The agent on every node, which gives credentials to who brings the pod's token."""

    class Agent(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.headers["Authorization"] == TOKEN else 401)
            self.end_headers()
            self.wfile.write(json.dumps({**KEYS, "Expiration": "2099-01-01T00:00:00Z"}).encode())

        def log_message(self, *_: Any) -> None: ...

    token = folder / "eks-pod-identity-token"
    token.write_text(TOKEN)
    with ThreadingHTTPServer(("127.0.0.1", 0), Agent) as agent:
        threading.Thread(target=agent.serve_forever, daemon=True).start()
        yield {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{agent.server_port}/v1/creds",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(token),
        }
        agent.shutdown()


def irsa(folder: Path, role: str) -> dict[str, str]:
    """What the webhook adds for a role in the annotation of the service account."""
    token = folder / "web-identity-token"
    token.write_text(TOKEN)
    return {"AWS_ROLE_ARN": role, "AWS_WEB_IDENTITY_TOKEN_FILE": str(token)}
