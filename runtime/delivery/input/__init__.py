"""Events and requests into the queue."""
