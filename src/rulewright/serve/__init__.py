"""`rulewright serve`: Segment's HTTP tracking API and webhooks, in front of the queue on disk."""
