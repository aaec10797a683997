"""The environment variables that point a program at the local AWS."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_PACKAGES = Path(__file__).parents[2]  # where `autoscaler` and `policies` are imported from


def client_environment(endpoint_url: str, region: str) -> dict[str, str]:
    """What any AWS client needs: endpoint, region, and credentials that are nobody's."""
    return {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def container_environment(endpoint_url: str, region: str) -> dict[str, str]:
    """What every task gets below its own: as above, and this interpreter first on the PATH.

    A container inherits nothing else of the server's environment. The metadata endpoint of ECS
    (ECS_CONTAINER_METADATA_URI_V4) is not served, so its variable is not set.
    """
    search = [str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]
    modules = [str(_PACKAGES), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **client_environment(endpoint_url, region),
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "HOME": str(Path.home()),
        "LANG": "C.UTF-8",
        "PATH": os.pathsep.join(search),
        "PYTHONPATH": os.pathsep.join(modules),
        "PYTHONUNBUFFERED": "1",
    }
