"""Liquid templates as Segment allows them: its tags, its filters, its limits, with the conversions of liquidjs."""
