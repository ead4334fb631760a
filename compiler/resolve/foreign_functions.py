"""Names of functions in other languages, and their equivalents in rules."""

from __future__ import annotations

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Fix

_NAMES = {
    "lower": "lowercase", "tolower": "lowercase", "downcase": "lowercase", "lcase": "lowercase",
    "upper": "uppercase", "toupper": "uppercase", "upcase": "uppercase", "ucase": "uppercase",
    "len": "length", "strlen": "length", "size": "length", "count": "length", "char_length": "length",
    "ifnull": "coalesce", "nvl": "coalesce", "isnull": "coalesce", "firstnonnull": "coalesce",
    "concatenate": "concat", "concat_ws": "join", "str": "string", "tostring": "string", "to_char": "string",
    "int": "integer", "parseint": "integer", "to_int": "integer", "float": "number", "parsefloat": "number",
    "to_number": "number", "num": "number", "boolean": "bool", "isblank": "blank", "is_empty": "blank",
    "isempty": "blank", "isset": "exists", "has": "exists", "substring": "slice", "substr": "slice", "mid": "slice",
    "startswith": "starts_with", "endswith": "ends_with", "includes": "contains", "glob": "match",
    "proper": "titlecase", "ceiling": "ceil", "total": "sum", "strip": "trim", "to_json": "json_encode",
    "from_json": "json_decode", "parse_json": "json_decode", "unix_timestamp": "timestamp_ms",
    "date_format": "format_time", "iff": "if", "iif": "if", "defined": "exists", "present": "exists", "empty": "blank",
    "is_blank": "blank", "regexp_like": "match", "regexp_matches": "match", "regexp_contains": "match",
    "rlike": "match", "regex_match": "match", "regexp_match": "match", "like": "match", "matches": "match",
}  # fmt: skip
"""By the name in small letters."""


def native_call(node: ast.Call) -> Fix | None:
    """The fix that turns a call of another language into one of rules with the same meaning; None for others."""
    name = node.function.lower()
    written = [argument.span.text for argument in node.arguments]
    if name in ("and", "or") and len(written) > 1:
        text = f"({f' {name} '.join(written)})"
        return Fix(node.span, text, f"write `{text}`")
    if name == "not" and len(written) == 1:
        return Fix(node.name_span, "!", "write `!` in place of the function's name")
    if name in ("isnull", "is_null") and len(written) == 1:
        return Fix(node.span, f"{written[0]} = null", f"write `{written[0]} = null`")
    native = _NAMES.get(name)
    return None if native is None else Fix(node.name_span, native, f"write `{native}`")
