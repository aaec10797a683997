"""What happens in the simulated world between two looks: one source over arrays, by two engines.

numba compiles it where it is installed; without it, or with ``NUMBA_DISABLE_JIT=1``, the same
functions run as plain Python and come to the same bits. Nothing here is random: whatever is
drawn is drawn outside and passed in. ``layout`` says what the arrays hold, ``engine`` lets time
pass, and the host in ``autoscaler.simulation.world`` calls no other function than those of
``engine``.
"""
