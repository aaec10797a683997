"""Peers: other autoscalers' rules, each under its own cadence, to compare ours with.

One file a peer: its formula, checked against examples worked out by hand, and a driver that
looks and acts as that peer does. ``registry`` has them all by name; ``hands`` says which worker
runs in the tasks. What is exact and what is modelled: docs/peers.md.
"""
