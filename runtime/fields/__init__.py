"""Fields of actions: their declaration, and values coerced to their types."""
