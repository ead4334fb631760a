"""Amplitude's actions, one in each module; a module in this folder is found by itself."""
