"""What is known of events whoever sends them: the Segment spec, as JSON Schema."""
