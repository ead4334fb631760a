"""Templates of the generated Python."""
