"""Destinations: the registry, installed packages, and the webhook."""
