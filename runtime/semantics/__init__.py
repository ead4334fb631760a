"""Pure value semantics, shared with the compiler: missing, JavaScript, comparison, property access, dates."""
