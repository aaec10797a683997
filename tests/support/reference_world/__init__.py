"""The simulated world once more, as a SimPy model written from its documented rules.

What is free in those rules is settled as docs/simulation-validation.md says: whoever has waited
longest at the queue is served first, the oldest message goes first, and of what happens at one
instant messages arrive first, then comes what was planned first, then polls end, and last somebody
looks. Chance is not simulated twice: what was drawn is passed in.
"""
