"""The studio: a page in the browser on which rules are written, on recorded events."""
