"""How a handler's failure is told: enough to find it, never the message's body."""

import traceback

LONGEST_TEXT = 300


def describe(error: BaseException, body: str) -> dict[str, str]:
    """Return what was raised, its text without the body, and the line that raised it."""
    text = str(error).replace(body, "<body>") if body else str(error)
    facts = {"error": f"{type(error).__name__}: {text}"[:LONGEST_TEXT]}
    frames = traceback.extract_tb(error.__traceback__)
    if frames:
        facts["at"] = f"{frames[-1].filename}:{frames[-1].lineno}"
    return facts
