"""The quotas of Fargate, which moto does not know: those of an account that asked for more."""

from __future__ import annotations

from typing import Any

from moto.servicequotas.models import ServiceQuotasBackend

_VCPUS = {
    "L-3032A538": "Fargate On-Demand vCPU resource count",
    "L-36FBB829": "Fargate Spot vCPU resource count",
}
_VALUE = 64.0


def apply() -> None:
    """Correct moto."""
    others = ServiceQuotasBackend.get_service_quota

    def get_service_quota(self: Any, service_code: str, quota_code: str) -> dict[str, Any]:
        if service_code == "fargate" and quota_code in _VCPUS:
            return _quota(quota_code)
        found: dict[str, Any] = others(self, service_code, quota_code)
        return found

    ServiceQuotasBackend.get_service_quota = get_service_quota


def _quota(code: str) -> dict[str, Any]:
    return {
        "ServiceCode": "fargate",
        "ServiceName": "AWS Fargate",
        "QuotaCode": code,
        "QuotaName": _VCPUS[code],
        "Value": _VALUE,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
