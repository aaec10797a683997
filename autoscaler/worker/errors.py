"""What can go wrong, by what follows from it.

WorkerError
├── UserError      the user has to change something; exit status 2
├── PassingError   will probably pass: wait, then go on
└── LastingError   will not pass by waiting; exit status 1
"""


class WorkerError(Exception):
    """Something went wrong that one sentence explains."""


class UserError(WorkerError):
    """Something that only the user can put right, said in a sentence that tells how."""


class PassingError(WorkerError):
    """A call failed in a way that passes by itself: throttled, a 5xx, a broken connection."""


class LastingError(WorkerError):
    """A call failed in a way that waiting does not cure: the queue is gone, access is denied."""
