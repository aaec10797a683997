"""How the texts of flags and variables are read; what cannot be raises ValueError."""

import math
import signal
from collections.abc import Callable

from autoscaler.worker.durations import parse_seconds


def as_text(text: str) -> str:
    """Read anything as it is."""
    return text


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Return what reads a whole number within bounds."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and lowest <= int(text) <= highest):
            raise ValueError(f"{text!r} is not a whole number from {lowest} to {highest}")
        return int(text)

    return read


def weight(text: str) -> float:
    """Read a queue's share."""
    try:
        weight = float(text)
    except ValueError:
        weight = math.nan
    if not 0 < weight <= 1000:
        raise ValueError(f"{text!r} is not a weight: a number above 0, up to 1000")
    return weight


def visibility(text: str) -> int:
    """Read how long a message stays hidden."""
    seconds = math.ceil(parse_seconds(text))
    if not 1 <= seconds <= 43_195:
        raise ValueError(f"{text!r} is not between 1s and 12h less 5s, which is what SQS allows")
    return seconds


def poll(text: str) -> int:
    """Read how long a receive waits."""
    seconds = parse_seconds(text)
    if seconds > 20 or seconds != int(seconds):
        raise ValueError(f"{text!r} is not 0s to 20s in whole seconds, which is what SQS allows")
    return int(seconds)


def limit(text: str) -> float:
    """Read a time that is not nothing."""
    seconds = parse_seconds(text)
    if seconds == 0:
        raise ValueError("a limit of 0 leaves no time for any message; leave it out for no limit")
    return seconds


def epoch(text: str) -> float:
    """Read seconds since 1970."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < 1e11:  # 1e11 s is in the year 5138: those were milliseconds
        raise ValueError(f"{text!r} is not a time in seconds since 1970")
    return seconds


def names(text: str) -> tuple[str, ...]:
    """Read names with commas between them."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def statuses(text: str) -> frozenset[int]:
    """Read exit statuses."""
    read = whole(1, 255)
    return frozenset(read(name) for name in names(text))


def signal_name(text: str) -> int:
    """Read a signal by its name."""
    try:
        return signal.Signals["SIG" + text.upper().removeprefix("SIG")]
    except KeyError:
        raise ValueError(f"{text!r} is not the name of a signal, such as TERM or USR1") from None


def yes_or_no(text: str) -> bool:
    """Read yes or no."""
    answers = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in answers:
        raise ValueError(f"{text!r} is neither yes nor no")
    return answers[text.lower()]


def circuit(text: str) -> tuple[int, float]:
    """Read `10/5m` as failures and seconds; `off` as no number of failures."""
    count, slash, within = text.partition("/")
    if text == "off":
        return 0, 0.0
    if not slash:
        raise ValueError(f"{text!r} is not written as failures/time, as in 10/5m, or off")
    return whole(1, 10_000)(count), parse_seconds(within)
