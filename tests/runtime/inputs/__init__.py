"""Inputs: what events are read from."""
