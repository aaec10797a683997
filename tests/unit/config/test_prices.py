"""A user's own prices, by region, in a configuration."""

from __future__ import annotations

from pathlib import Path

from support.configurations import VALID, load_text, told

from autoscaler.core.cost import Price, RegionPrices

PRICES = """\
prices:
  eu-central-1:
    x86_64: {vcpu: 0.05, gigabyte: 0.006}
    spot_arm64: {vcpu: 0.01, gigabyte: 0.001, storage: 0.0002}
"""


def test_prices_are_read(tmp_path: Path) -> None:
    assert load_text(tmp_path, VALID + PRICES).prices == {
        "eu-central-1": RegionPrices(
            x86_64=Price(0.05, 0.006), spot_arm64=Price(0.01, 0.001, 0.0002)
        )
    }


def test_no_price_is_below_zero(tmp_path: Path) -> None:
    assert told(tmp_path, VALID + PRICES.replace("0.05", "-0.05")) == [
        "one.yaml:19: prices.eu-central-1.x86_64.vcpu: -0.05 is too small; it must be at least 0"
    ]


def test_a_price_needs_both_parts(tmp_path: Path) -> None:
    assert told(tmp_path, VALID + PRICES.replace(", gigabyte: 0.006", "")) == [
        "one.yaml:19: prices.eu-central-1.x86_64.gigabyte: this key is required, and missing"
    ]
