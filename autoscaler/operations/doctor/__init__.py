"""Looks at an account for what would keep an autoscaler from its promise, and changes nothing.

``gathering`` asks AWS once, in parallel; ``checks`` judge what was told, a small pure function
each; ``examination`` puts the two together.
"""
