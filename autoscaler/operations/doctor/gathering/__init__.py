"""Asks AWS for all that the checks need, in parallel, and keeps why what could not be had."""

from autoscaler.operations.doctor.gathering.gathering import Request, gather

__all__ = ["Request", "gather"]
