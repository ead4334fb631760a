"""Exact sets of values: numbers, texts, lists and their combinations."""
