"""Delivery: the queue, the sender, and the fake Amplitude."""
