"""Findings that are proved, a file for each kind."""
