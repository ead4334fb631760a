"""A port of Segment's lexer of triggers, with its mistakes, to find triggers that it misreads.

Source: `Lexer` and `Reader` of @segment/fql-ts 1.10.1. Every oddity here is one of the original.
"""

from __future__ import annotations

from dataclasses import dataclass

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_BLANKS = frozenset(" \t\n")
_STARTS = _LETTERS | frozenset("!=<>\\_")
_MARKS = {".": "dot", "[": "brackleft", "]": "brackright", ",": "comma", "(": "parenleft", ")": "parenright"}
_END = ""
"""What the reader gives at the end of the text."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token, with the span of the text that it came from."""

    type: str
    value: str
    start: int = 0
    end: int = 0


class LexerError(ValueError):
    """Segment's lexer gives up; the trigger then silently matches nothing."""


def lex(text: str) -> list[Token]:
    """The tokens of a trigger. Raises LexerError."""
    return _Lexer(text).tokens()


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def tokens(self) -> list[Token]:
        tokens: list[Token] = []
        while True:
            start = self.at
            character = self._next()
            if character == _END:
                return [*tokens, Token("eos", "eos", start, start)]
            if character in _BLANKS:
                continue
            kind, value = self._token(character)
            tokens.append(Token(kind, value, start, self.at))

    def _token(self, character: str) -> tuple[str, str]:
        if character == "!" and (self._peek() in _LETTERS or self._peek() == "("):
            return "operator", "!"
        if character in _STARTS:
            return self._word(character)
        if character in _DIGITS or character in "+-":
            return "number", self._number(character)
        if character in "\"'":
            return "string", self._string(character)
        if character in _MARKS:
            return _MARKS[character], character
        raise LexerError(f"it cannot read the character `{character}`")

    def _word(self, character: str) -> tuple[str, str]:
        if character == "=":
            return "operator", "="
        if character == "!":
            if self._accept("="):
                return "operator", "!="
            raise LexerError("it wants a blank after `!=`" if self._peek() == "=" else "it cannot read `!` here")
        if character in "<>":
            return "operator", f"{character}=" if self._accept("=") else character
        for word, kind in (("and", "conditional"), ("or", "conditional"), ("null", "null")):
            if character == word[0]:
                return (kind, word) if self._accept(word[1:]) else ("ident", self._name(character))
        return "ident", self._name(character)

    def _string(self, quote: str) -> str:
        inside = ""
        while self._peek() != quote:
            character = self._next()
            if character == _END:
                raise LexerError("it does not find the end of a text")
            inside += character
        # The closing quote stays, and opens a text of its own, unless a blank, `,`, `]` or `)` follows it.
        self._accept(quote)
        return quote + inside + quote

    def _number(self, digits: str) -> str:
        decimal = False
        while self._peek() in _DIGITS or self._peek() == ".":
            character = self._next()
            digits += character
            if character == ".":
                if decimal or self._terminates(self._peek()):
                    raise LexerError("it cannot read a number")
                decimal = True
        return digits

    def _name(self, character: str) -> str:
        name = ""
        while True:
            if character == "\\":
                if self._peek() == _END:
                    raise LexerError("it finds nothing after `\\`")
                character = self._next()
            name += character
            following = self._peek()
            if not (following in _LETTERS or following in _DIGITS or following in ("_", "-", "\\")):
                break
            character = self._next()
        if not (self._terminates(following) or following in (".", "(", "=", "!")):
            raise LexerError(f"it cannot read `{following}` straight after a name")
        return name

    def _accept(self, wanted: str) -> bool:
        """Takes the text if it comes next and a terminator follows; at the end of the text, what it read is lost."""
        seen = ""
        for _ in wanted:
            character = self._next()
            if character == _END:
                return False
            seen += character
            if self._terminates(character):
                break
        if seen == wanted and self._terminates(self._peek()):
            return True
        self.at -= len(seen)
        return False

    @staticmethod
    def _terminates(character: str) -> bool:
        return character == _END or character in _BLANKS or character in (",", "]", ")")

    def _next(self) -> str:
        character = self._peek()
        self.at += len(character)
        return character

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]
