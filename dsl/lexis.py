"""How tokens are spelled, as regular expressions: the grammar and every scanner of rule text are built from these.

Their repetitions are possessive, so no text makes a search go back into a token that it has read.
"""

from __future__ import annotations

ESCAPED = r"\\."
"""A backslash takes the next character as it is."""
COMMENT = r"\#[^\n]*+"
BLANKS = r"[ \t\r\n\f\uFEFF]+"
STRING = rf"(?:\"(?:[^\"\\\n]++|{ESCAPED})*+\"|'(?:[^'\\\n]++|{ESCAPED})*+')"
NUMBER = r"(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+(?![\w.])"

# A hyphen inside a name belongs to the name, as in FQL.
NAME = rf"(?:[^\W\d]|{ESCAPED})(?:\w++|{ESCAPED}|-(?=[\w\\]))*+"
KEY = r"[\w$](?:[\w$]++|-(?=\w))*+"
BARE_STEP = rf"(?:[\w$]|{ESCAPED})(?:[\w$]++|{ESCAPED}|-(?=[\w\\]))*+"
INDEX = r"\[[0-9]{1,10}\]"
STEP = rf"(?:\.(?:{BARE_STEP}|{STRING})|{INDEX})"
PATH = rf"(?:\$|{NAME}){STEP}*+"
# In the path of a filter, `*` stands for any part of a key, and `[]` for every item of a list.
FILTER_PATH = (
    rf"(?:\$|(?:[^\W\d]|{ESCAPED}|\*)(?:\w++|{ESCAPED}|\*|-(?=[\w\\*]))*+)"
    rf"(?:\.(?:(?:[\w$*]|{ESCAPED})(?:[\w$*]++|{ESCAPED}|-(?=[\w\\*]))*+|{STRING})|\[(?:[0-9]{{1,10}})?\])*+"
)

LIKE_NAME = rf"(?:[^\W\d]|{ESCAPED})(?:[\w-]|{ESCAPED})*+"
"""What is meant for a name where a text is wrong: it may end in a hyphen."""
OPAQUE = rf"{STRING}|{COMMENT}|{ESCAPED}"
"""Text whose brackets, signs and words have no meaning."""
BRACKET = r"(?P<open>[(\[{])|(?P<close>[)\]}])"
GAP = r"\s*+(?:\#[^\n]*+\n\s*+)*+"
"""Blanks and comments between two tokens, to find the next token."""
ASSIGN = r"=(?!=)"
WORD_END = r"(?![\w.\\-])"
"""Ends a word of the language: no name and no path begins with it."""

TERMINALS = {
    "NAME": NAME,
    "KEY": KEY,
    "PATH": PATH,
    "FILTER_PATH": FILTER_PATH,
    "STEPS": f"{STEP}++",
    "STRING": STRING,
    "NUMBER": NUMBER,
    "COMMENT": COMMENT,
    "BLANKS": BLANKS,
    # Parts of other terminals, most of them a look at what follows.
    "_BETWEEN": rf"(?:{BLANKS}|{COMMENT})*+",
    "_SPACE": r"\s*",
    "_IS_WORD": WORD_END,
    "_IS_CONSTANT": r"(?![\w.\\\[-])",
    "_IS_NOT_ASSIGNED": rf"(?!{GAP}{ASSIGN})",
    "_IS_CALLED": rf"(?={GAP}\()",
    "_IS_ASSIGNED": rf"(?={GAP}{ASSIGN})",
    "_ENDS_FIELD": rf"(?={GAP}(?:\}}|{NAME}\s*{ASSIGN}|(?:when|use|on)\b))",
    "_ENDS_VALUE": r"(?=\s*[,)\]])",
    "_ENDS_ENTRY": r"(?=\s*[,}])",
}
"""What the grammar is composed of, by the names of its terminals."""


def terminals() -> str:
    """The terminals as lines of a grammar."""
    return "".join(f"{_with_priority(name)}: /{pattern}/\n" for name, pattern in TERMINALS.items())


def _with_priority(name: str) -> str:
    """Blanks and comments are tried first: they come before most tokens, and no other terminal begins as they do."""
    return f"{name}.9" if name in ("BLANKS", "COMMENT") else name
