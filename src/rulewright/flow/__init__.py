"""Lineage of rules: which paths of an event reach which fields of the requests, and under what condition."""
