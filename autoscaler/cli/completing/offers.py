"""Every word that may stand on a command line, taken from the verbs themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, NamedTuple

from autoscaler.worker import main as worker
from autoscaler.worker.sending.command import main as send

FLAG, FREE, VERB, FILES = "flag", "free", "verb", "@files"
QUEUES, FLEETS, AWS_QUEUES = "@queues", "@fleets", "@aws-queues"
FILE_NAMES = frozenset({"config", "file", "files", "record", "records", "trace", "output"})
"""Parameters that take files, though their type is another: several, or - for standard input."""

_OPTION = re.compile(r"^  (-\S+(?: \S+)*)((?:  .*)?(?:\n {12,}.*)*)$", re.MULTILINE)
_CHOICES = re.compile(r"\{([^}]*)\}")
_VARIABLES = re.compile(r" \*?\[[A-Z_]{8}[^]]*\]$")


class Offer(NamedTuple):
    """A word, after which verbs it may stand, what follows it, and what it is for.

    Words of arguments are their places: #1, #2, or #* for as many as one likes.
    """

    path: str
    word: str
    value: str
    help: str


def offers(root: Any) -> Iterator[Offer]:
    """All of them, in the order of `--help`.

    `root`: the command with all of its verbs, as typer has made it.
    """
    yield from _of(root, "")
    yield from _of_arguments_parser("worker", worker, ["--help"])
    yield Offer("worker", "status", VERB, "Tell what became of messages.")
    yield from _of_arguments_parser("worker status", worker, ["status", "--help"])
    yield from _of_arguments_parser("send", send, ["--help"])
    yield Offer("send", "#1", AWS_QUEUES, "")
    yield Offer("send", "#2", FILES, "")


def _of(command: Any, path: str) -> Iterator[Offer]:
    for name, verb in getattr(command, "commands", {}).items():
        yield Offer(path, name, VERB, verb.get_short_help_str(100))
        yield from _of(verb, f"{path} {name}".strip())
    if path in ("worker", "send"):
        return
    options = [one for one in command.params if one.param_type_name == "option"]
    configured = any(one.name == "config" for one in options)
    for option in options:
        for word in option.opts:
            yield Offer(path, word, _value(option, configured), _line(option.help))
        for word in option.secondary_opts:
            yield Offer(path, word, FLAG, f"The opposite of {option.opts[0]}.")
    yield Offer(path, "--help", FLAG, "What it does, with an example.")
    arguments = (one for one in command.params if one.param_type_name == "argument")
    for place, argument in enumerate(arguments, start=1):
        word = "#*" if argument.nargs == -1 else f"#{place}"
        yield Offer(path, word, _value(argument, configured), "")


def _value(parameter: Any, configured: bool) -> str:
    """What stands for the value: choices, or what kind of names.

    Without a configuration to look in (`configured`), the queue of an argument is AWS's own.
    """
    kind = parameter.type_descriptor
    if getattr(parameter, "is_flag", False):
        return FLAG
    if kind.choices:
        return " ".join(one.value for one in kind.choices)
    if configured and parameter.name in ("queue", "fleet"):
        return f"@{parameter.name}s"
    if parameter.name == "queue" and parameter.param_type_name == "argument":
        return AWS_QUEUES
    return FILES if kind.is_path or parameter.name in FILE_NAMES else FREE


def _of_arguments_parser(
    path: str, main: Callable[[Sequence[str]], int], arguments: Sequence[str]
) -> Iterator[Offer]:
    """The options that a `--help` of argparse tells, which has no public list of them."""
    with redirect_stdout(StringIO()) as told:
        main(arguments)
    for words, text in _OPTION.findall(told.getvalue()):
        for name in re.findall(r"(?<!\S)--?[\w-]+", words):
            yield Offer(path, name, _after(name, words), _VARIABLES.sub("", _line(text)))


def _after(name: str, words: str) -> str:
    """What follows an option of which `--help` says: --name VALUE, {one,of,these} or [optional]."""
    if choices := _CHOICES.search(words):
        return choices[1].replace(",", " ")
    if not re.search(r"\s[A-Z]", words):
        return FLAG
    return AWS_QUEUES if name == "--queue" else FREE


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
