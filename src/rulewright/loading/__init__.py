"""From rule files to a mapper: reading, compiling, the cache, and running the generated module."""
