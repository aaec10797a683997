"""A command line whose mistakes are told in one sentence."""

import argparse
from typing import NoReturn

from autoscaler.worker.errors import UserError


class Parser(argparse.ArgumentParser):
    """argparse's, but that a mistake is raised as a UserError, without the usage."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where all there is can be read."""
        raise UserError(f"{message}; see `{self.prog} --help`")
