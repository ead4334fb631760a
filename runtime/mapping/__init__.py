"""The mapper: compiled rules applied to events."""
