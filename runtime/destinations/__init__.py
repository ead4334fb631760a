"""Destinations: where requests go, one folder each."""
