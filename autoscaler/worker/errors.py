"""What can go wrong, by what follows from it.

WorkerError
├── UserError      the user has to change something; exit status 2
├── PassingError   will probably pass: wait, then go on
└── LastingError   will not pass by waiting; exit status 1
"""


class RetryLaterError(Exception):
    """Raised by a handler: not now, and it is no failure; the message is given back.

    It comes again after `seconds`, or where none are given after 2^receives seconds, as a failed
    one does. It is received once more for that, which counts toward the dead letters.
    """

    def __init__(self, reason: str = "", seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds


class UnavailableError(Exception):
    """Raised by a handler: what every message needs is down, so trying more would only fail more.

    The worker receives no more, gives back what is in hand and leaves with exit status 69.
    """


class WorkerError(Exception):
    """Something went wrong that one sentence explains."""


class UserError(WorkerError):
    """Something that only the user can put right, said in a sentence that tells how."""


class PassingError(WorkerError):
    """A call failed in a way that passes by itself: throttled, a 5xx, a broken connection."""


class LastingError(WorkerError):
    """A call failed in a way that waiting does not cure: the queue is gone, access is denied."""
