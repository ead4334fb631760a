"""Files of an author: read within their limits, replaced whole, and shown safely; the project file."""
