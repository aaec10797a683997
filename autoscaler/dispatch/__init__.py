"""Dispatch: a task for each group of messages, which carries them in its environment.

Pure as the core is: values in, values out, and ports for what it asks of the world.
"""
