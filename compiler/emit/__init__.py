"""From the plan to one Python module."""
