"""Faults as data: a script says what goes wrong, when and for whom (docs/local-aws.md)."""
