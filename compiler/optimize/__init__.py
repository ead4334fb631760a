"""Passes over the checked program: constant folding, unreachable code, the trigger index."""
