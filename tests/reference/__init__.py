"""What Segment's own code does, written again plainly, for tests to hold the compiler and the runtime against."""
