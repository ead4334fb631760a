"""Bounded random attacks, run for a given time: they look for tracebacks, wrong answers and time without bound."""
