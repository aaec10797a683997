"""The colours of pages and charts: those of Okabe and Ito, which colour-blind people tell apart."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True, slots=True)
class Palette:
    """One colour for each part that something plays."""

    paper: str
    panel: str
    ink: str
    muted: str
    line: str
    kept: str
    late: str
    promise: str
    perfect: str
    impossible: str
    waiting: str
    in_hand: str
    age: str
    fargate: str
    fargate_starting: str
    spot: str
    spot_starting: str
    ec2: str
    ec2_starting: str
    control: str

    def css(self) -> str:
        """As the declarations of custom properties."""
        return "".join(f"--{_css_name(name)}:{colour};" for name, colour in asdict(self).items())


def _css_name(name: str) -> str:
    return name.replace("_", "-")


LIGHT = Palette(
    paper="#ffffff",
    panel="#f5f7f9",
    ink="#17202a",
    muted="#566270",
    line="#dde2e8",
    kept="#0072b2",
    late="#c8500a",
    promise="#17202a",
    perfect="#00805f",
    impossible="#e6e9ed",
    waiting="#0072b2",
    in_hand="#00805f",
    age="#8a5a00",
    fargate="#0072b2",
    fargate_starting="#9cc9e6",
    spot="#d98a00",
    spot_starting="#f3d49b",
    ec2="#a64d82",
    ec2_starting="#dfb6cf",
    control="#7b8794",
)
DARK = Palette(
    paper="#12161b",
    panel="#1a2027",
    ink="#e8ecf0",
    muted="#9fabb8",
    line="#303943",
    kept="#56b4e9",
    late="#f58c4b",
    promise="#e8ecf0",
    perfect="#3ecfa3",
    impossible="#262d35",
    waiting="#56b4e9",
    in_hand="#3ecfa3",
    age="#f0b429",
    fargate="#56b4e9",
    fargate_starting="#2b5875",
    spot="#f0b429",
    spot_starting="#7a5d1f",
    ec2="#e39ac5",
    ec2_starting="#744f66",
    control="#8a96a3",
)
BY_STYLE_SHEET = Palette(
    **{each.name: f"var(--{_css_name(each.name)})" for each in fields(Palette)}
)
"""Whatever the page says: the same chart is dark on a dark page and light in print."""
