"""Telling people what goes wrong, once, and that it is over."""
