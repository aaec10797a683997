"""Telling people and machines what ticks did: metrics, log lines, records."""
