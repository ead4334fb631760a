"""The studio: its safety, its answers, and the story of a person in a real browser."""
