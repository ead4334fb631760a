"""The whole program: what a start imports, how work grows, and what differs on Windows."""
