"""Filters that change text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from ..semantics.failure import ValueFailure
from ..semantics.javascript import WHITESPACE, template_text, utf8
from .conversions import is_nil, stringify, to_list, to_whole

_SPACES = re.compile(f"[{WHITESPACE}]+")
_CJK_LETTERS = "\u4e00-\u9fff\uf900-\ufaff\u3400-\u4dbf\u3040-\u30ff\uac00-\ud7af"
_CJK = re.compile(f"[{_CJK_LETTERS}]")
_BETWEEN_WORDS = re.compile(f"[{_CJK_LETTERS}{WHITESPACE}]+")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
_ESCAPED = {escape: character for character, escape in _ESCAPES.items()}
_HIDDEN = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"), ("<", ">"))
_BROKEN_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")


def append(value: Any, suffix: Any) -> str:
    return stringify(value) + stringify(suffix)


def prepend(value: Any, prefix: Any) -> str:
    return stringify(prefix) + stringify(value)


def capitalize(value: Any) -> str:
    text = stringify(value)
    return text[:1].upper() + text[1:].lower()


def lstrip(value: Any, characters: Any = None) -> str:
    return stringify(value).lstrip(stringify(characters) or WHITESPACE)


def rstrip(value: Any, characters: Any = None) -> str:
    return stringify(value).rstrip(stringify(characters) or WHITESPACE)


def strip(value: Any, characters: Any = None) -> str:
    return stringify(value).strip(stringify(characters) or WHITESPACE)


def replace(value: Any, pattern: Any = None, replacement: Any = None) -> str:
    text, part = stringify(value), stringify(pattern)
    return stringify(replacement).join(text.split(part) if part else list(text))


def replace_first(value: Any, pattern: Any = None, replacement: Any = None) -> str:
    return stringify(value).replace(stringify(pattern), stringify(replacement), 1)


def replace_last(value: Any, pattern: Any = None, replacement: Any = None) -> str:
    text, sought = stringify(value), stringify(pattern)
    at = text.rfind(sought)
    return text if at < 0 else text[:at] + stringify(replacement) + text[at + len(sought) :]


def remove(value: Any, pattern: Any = None) -> str:
    return replace(value, pattern)


def remove_first(value: Any, pattern: Any = None) -> str:
    return replace_first(value, pattern)


def remove_last(value: Any, pattern: Any = None) -> str:
    return replace_last(value, pattern)


def strip_newlines(value: Any) -> str:
    return re.sub(r"\r?\n", "", stringify(value))


def normalize_whitespace(value: Any) -> str:
    return _SPACES.sub(" ", stringify(value))


def squish(value: Any) -> str:
    return normalize_whitespace(value).strip(WHITESPACE)


def strip_html(value: Any) -> str:
    """Text without its tags, comments, scripts and styles; one that is never closed stays."""
    text, pieces, at = stringify(value), [], 0
    kinds = list(_HIDDEN)
    while (start := text.find("<", at)) >= 0:
        pieces.append(text[at:start])
        for opener, closer in [kind for kind in kinds if text.startswith(kind[0], start)]:
            end = text.find(closer, start + len(opener))
            if end >= 0:
                at = end + len(closer)
                break
            kinds.remove((opener, closer))
        else:
            return "".join(pieces) + text[start:]
    return "".join(pieces) + text[at:]


def truncate(value: Any, length: Any = None, ending: Any = "...") -> Any:
    text, tail, most = stringify(value), stringify(ending), to_whole(length, 50)
    return value if len(text) <= most else text[: max(most - len(tail), 0)] + tail


def truncatewords(value: Any, count: Any = None, ending: Any = "...") -> str:
    words = _SPACES.split(stringify(value).lstrip(WHITESPACE))
    most = max(to_whole(count, 15), 1)
    return " ".join(words[:most]) + (stringify(ending) if len(words) >= most else "")


def number_of_words(value: Any, mode: Any = None) -> int:
    """Words between spaces; with `cjk`, and with `auto` if there is one, each ideograph, kana or hangul is a word."""
    text = stringify(value).strip(WHITESPACE)
    if mode == "cjk" or (mode == "auto" and _CJK.search(text)):
        return len(_CJK.findall(text)) + sum(map(bool, _BETWEEN_WORDS.split(text)))
    return len(_SPACES.split(text)) if text else 0


def escape(value: Any) -> str:
    return re.sub("[&<>\"']", lambda match: _ESCAPES[match[0]], stringify(value))


def escape_once(value: Any) -> str:
    return escape(re.sub("&(?:amp|lt|gt|#34|#39);", lambda match: _ESCAPED[match[0]], stringify(value)))


def url_encode(value: Any) -> str:
    return quote(utf8(stringify(value)), safe="-_.!~*'()").replace("%20", "+")


def cgi_escape(value: Any) -> str:
    return quote(utf8(stringify(value)), safe="-_.~").replace("%20", "+")


def uri_escape(value: Any) -> str:
    return quote(utf8(stringify(value)), safe="-_.!~*'();/?:@&=+$,#[]")


def url_decode(value: Any) -> str:
    text = stringify(value)
    if _BROKEN_PERCENT.search(text):
        raise ValueFailure("the text is not URL-encoded")
    return unquote_to_bytes(utf8(text.replace("+", " "))).decode()


def base64_encode(value: Any) -> str:
    return base64.b64encode(utf8(stringify(value))).decode("ascii")


def base64_decode(value: Any) -> str:
    bare = re.sub("[\t\n\f\r ]", "", stringify(value)).rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True).decode("utf-8", "replace")


def sha256(value: Any) -> str:
    return hashlib.sha256(utf8(stringify(value))).hexdigest()


def hmac_sha256(value: Any, key: Any = None) -> str:
    return hmac.new(utf8(stringify(key)), utf8(stringify(value)), hashlib.sha256).hexdigest()


def slugify(value: Any, mode: Any = "default", cased: Any = False) -> str:
    text = stringify(value)
    if mode != "none":
        kept = _KEPT.get(stringify(mode))
        if kept is None:
            raise ValueFailure(f"slugify knows no mode `{stringify(mode)}`")
        words = "".join(character if kept(character) else "\0" for character in text)
        text = re.sub("\0+", "-", words)
        text = text.removeprefix("-").removesuffix("-")
    return text if cased is True else text.lower()


def _is_letter(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "ML" or category == "Nd"


_KEPT: dict[str, Callable[[str], bool]] = {
    "default": _is_letter,
    "pretty": lambda character: _is_letter(character) or character in "._~!$&'()+,;=@",
    "ascii": lambda character: character.isascii() and character.isalnum(),
    "raw": lambda character: character not in WHITESPACE,
}


def split(value: Any, separator: Any = None) -> list[str]:
    """The pieces between separators, without the empty ones at the end."""
    text, mark = stringify(value), stringify(separator)
    pieces = text.split(mark) if mark else list(text)
    while pieces and not pieces[-1]:
        pieces.pop()
    return pieces


def join(value: Any, separator: Any = None) -> str:
    mark = " " if is_nil(separator) else stringify(separator)
    return mark.join("" if is_nil(item) else template_text(item) for item in to_list(value))


FILTERS: dict[str, Callable[..., Any]] = {
    "append": append,
    "base64_decode": base64_decode,
    "base64_encode": base64_encode,
    "capitalize": capitalize,
    "cgi_escape": cgi_escape,
    "downcase": lambda value: stringify(value).lower(),
    "escape": escape,
    "escape_once": escape_once,
    "hmac_sha256": hmac_sha256,
    "join": join,
    "lstrip": lstrip,
    "normalize_whitespace": normalize_whitespace,
    "number_of_words": number_of_words,
    "prepend": prepend,
    "remove": remove,
    "remove_first": remove_first,
    "remove_last": remove_last,
    "replace": replace,
    "replace_first": replace_first,
    "replace_last": replace_last,
    "rstrip": rstrip,
    "sha256": sha256,
    "slugify": slugify,
    "split": split,
    "squish": squish,
    "strip": strip,
    "strip_html": strip_html,
    "strip_newlines": strip_newlines,
    "truncate": truncate,
    "truncatewords": truncatewords,
    "upcase": lambda value: stringify(value).upper(),
    "uri_escape": uri_escape,
    "url_decode": url_decode,
    "url_encode": url_encode,
    "xml_escape": escape,
}
