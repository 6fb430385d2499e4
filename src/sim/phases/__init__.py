"""The phases of a turn: each applies rules to the arrays, draws at addresses, and writes the log.

`sim.turn` puts them in order. Everything a phase draws is addressed by who and when, so that the order
in which states are asked never matters.
"""
