"""What is known of events from any source: the Segment spec, as JSON Schema."""
