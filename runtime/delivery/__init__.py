"""Delivery: requests go onto disk, then out over HTTP in batches, until each is delivered or dead-lettered."""
