"""Mappings of Segment, with their directives: imported as expressions, and exported."""
