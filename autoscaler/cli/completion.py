"""`autoscaler completion`: the script that makes Tab complete in a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from autoscaler.cli.app import VERBS, command_of
from autoscaler.cli.completing.offers import offers
from autoscaler.cli.completing.scripts import Shell, script


def completion(shell: Annotated[Shell, typer.Argument(help="Your shell.")]) -> int:
    """Print the script with which SHELL completes verbs, options, and names of queues and fleets.

    Write it to where your shell looks for such scripts, and anew after an update of autoscaler:
    bash in ~/.local/share/bash-completion/completions/autoscaler, fish in
    ~/.config/fish/completions/autoscaler.fish, zsh in _autoscaler in a folder of its $fpath. Names
    are those of --config on the line, of AUTOSCALER_CONFIG, or of autoscaler.yaml.

    Example: autoscaler completion fish > ~/.config/fish/completions/autoscaler.fish
    """
    print(script(shell, offers(command_of(VERBS))), end="")
    return 0
