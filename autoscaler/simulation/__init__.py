"""A queue's history replayed through the controller that runs in production (extra ``sim``).

``trace`` is what arrives, ``knobs`` is how the simulated AWS behaves, ``run`` is what came of it.
"""
