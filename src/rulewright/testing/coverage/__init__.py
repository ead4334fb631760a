"""Which parts of the rules the tests try, and tests for the parts that they do not try."""
