"""Deciding recorded ticks once more: by the same rules, to audit, or by others, to compare."""
