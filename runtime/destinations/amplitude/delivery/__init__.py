"""Amplitude's side of delivery: its endpoints, its limits, and what each of its answers asks for."""
