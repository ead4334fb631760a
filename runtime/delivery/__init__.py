"""Delivery: stores requests on disk and sends them over HTTP until each is delivered or a dead letter."""
