"""Explains a trace in the author's words: which clause decided, and where each value came from."""
