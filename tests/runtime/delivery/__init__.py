"""Delivery: the queue, the sender, and the double of Amplitude."""
