"""Searches policies and their options for the cheapest fleet that keeps a promise."""
