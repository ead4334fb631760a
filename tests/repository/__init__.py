"""What the repository says of itself: its documents name files that exist."""
