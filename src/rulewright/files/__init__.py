"""Files of an author: read within limits, replaced whole, and shown safely; the project file."""
