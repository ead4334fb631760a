"""Amplitude's HTTP APIs as pydantic models: what its documentation allows in a request, and nothing else."""
