"""How long to wait before trying again. Pure: the random source is passed in."""

from random import Random


def back_off_seconds(times: int, cap_seconds: float, random: Random) -> float:
    """Return min(2^times, cap) seconds, less up to half of it.

    The random part keeps what failed together from coming back together.
    """
    full = min(2.0 ** min(times, 32), cap_seconds)  # 2^32 s is above any cap; 2.0**2000 overflows
    return full * (1 - random.random() / 2)
