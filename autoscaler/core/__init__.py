"""Decisions are values made from values: no clock, no network, no files in this room."""
