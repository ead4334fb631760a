"""Events of many callers onto disk together, each answered when its own are there."""
