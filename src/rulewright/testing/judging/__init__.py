"""Whether the outcome of an event meets what a test expects, and why not."""
