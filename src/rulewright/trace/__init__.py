"""Tracing: the same rules run a second time, slowly, so that every value is seen beside the text that made it."""
