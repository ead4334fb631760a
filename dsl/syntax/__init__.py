"""From text to nodes: grammar, splitter, parser, builders, and the messages of syntax errors."""
