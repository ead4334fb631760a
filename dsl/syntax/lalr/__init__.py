"""The grammar as tables, and what reads text with them: Lark makes the tables, and is not needed to run them."""
