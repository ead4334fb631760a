"""The formatter: nodes to canonical text."""
