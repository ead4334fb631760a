"""Two versions of rules side by side: what an edit means, and which requests of recorded events it changes."""
