"""Makes nodes of syntax trees: of tokens, of expressions, of items."""
