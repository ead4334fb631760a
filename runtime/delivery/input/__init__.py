"""Reads events, and adds their requests to the queue."""
