"""Triggers in Segment's Filter Query Language: read as Segment reads them, imported and exported."""
