"""Functions that rewrite forms of other languages for which a template is not enough."""

from __future__ import annotations

import re

from ...lexis import NAME, NUMBER, STEP, STRING
from ..paths import write_steps
from ..strings import quote, unescape

SIGNED = rf"-?{NUMBER}"
PLACE = rf"(?:(?<![\w.$])(?:\$|{NAME}){STEP}*)"
"""A path whose last steps may be taken for something else, as the name of a method."""
VALUE = rf"(?:\w+\([^()\n]*\)|{STRING}|{SIGNED}|{PLACE})"
COMPARED = rf"(?:{VALUE}(?:\s*(?:!=|<=|>=|=|<|>)\s*{VALUE})?)"

_IS_BARE = re.compile(r"(?!(?:true|false|null)\b)[^\W\d][\w-]*")
_REACH = 300
"""Characters before a match in which the beginning of its settings is looked for."""
_IN_SETTINGS = re.compile(r"\bsettings[ \t]*\{[^{}]*\Z")
_FIELDS = {"set": "setAlways", "setOnce": "setOnce", "add": "add"}
_TYPES = {
    "number": ("float", "double", "decimal", "numeric", "number", "real"),
    "integer": ("int", "integer", "bigint", "smallint"),
    "string": ("text", "varchar", "string", "char", "str"),
    "bool": ("bool", "boolean"),
}
METHODS = {
    "toLowerCase": "lowercase", "lower": "lowercase", "toUpperCase": "uppercase", "upper": "uppercase",
    "trim": "trim", "strip": "trim", "includes": "contains", "startsWith": "starts_with", "startswith": "starts_with",
    "endsWith": "ends_with", "endswith": "ends_with", "replace": "replace", "split": "split", "join": "join",
    "slice": "slice", "substring": "slice", "toString": "string", "keys": "keys", "values": "values",
    "concat": "concat", "title": "titlecase", "contains": "contains", "replaceAll": "replace",
}  # fmt: skip
_FILTERS = {
    "upcase": "uppercase", "downcase": "lowercase", "strip": "trim", "default": "default", "split": "split",
    "join": "join", "first": "first", "last": "last", "replace": "replace", "round": "round", "floor": "floor",
    "ceil": "ceil", "abs": "abs", "size": "length", "append": "concat", "json": "json_encode", "compact": "compact",
    "upper": "uppercase", "ascii_upcase": "uppercase", "lower": "lowercase", "ascii_downcase": "lowercase",
    "trim": "trim", "title": "titlecase", "length": "length", "count": "length", "keys": "keys",
    "tojson": "json_encode", "int": "integer", "float": "number", "number": "number", "tonumber": "number",
    "string": "string", "tostring": "string",
}  # fmt: skip
_PHRASES = {
    "null": "{a} = null", "none": "{a} = null", "undefined": "{a} = null", "set": "{a} != null",
    "exist": "{a} != null", "empty": "blank({a})", "blank": "blank({a})", "contain": "contains({a}, {b})",
    "include": "contains({a}, {b})", "equal": "{a} = {b}", "equal to": "{a} = {b}", "matches": "match({a}, {b})",
    "match": "match({a}, {b})", "start with": "starts_with({a}, {b})", "begin with": "starts_with({a}, {b})",
    "end with": "ends_with({a}, {b})", "greater than": "{a} > {b}", "less than": "{a} < {b}",
    "at least": "{a} >= {b}", "at most": "{a} <= {b}",
}  # fmt: skip
_INFIX = {
    "eq": "=", "ne": "!=", "neq": "!=", "gt": ">", "gte": ">=", "ge": ">=", "lt": "<", "lte": "<=", "le": "<=",
}  # fmt: skip


def assignment(match: re.Match[str]) -> str:
    """`name: value` and the like, a statement of the language among them."""
    field = match["field"]
    return f"{field} " if field in ("when", "use", "destination", "include") else f"{field} ="


def operation(match: re.Match[str]) -> str:
    return f"{_FIELDS[match['operation']]} ="


def when(match: re.Match[str]) -> str:
    """`if` and `where` of a filter."""
    return f"{match[0][: match.start('wrong') - match.start()]}when {match['condition']}"


def drop_when(match: re.Match[str]) -> str | None:
    """A condition on paths; nothing is known about a path alone."""
    condition = match["condition"]
    if re.fullmatch(VALUE, condition):
        return None
    return f"drop when {condition}" if match["kind"] == "drop" else f"drop when !({condition})"


def infix(match: re.Match[str]) -> str:
    return f"{match['value']} {_INFIX[match['wrong'].lower()]} {match['other']}"


def selector(match: re.Match[str]) -> str:
    """The operators of CSS selectors."""
    function = {"^=": "starts_with", "$=": "ends_with", "*=": "contains"}[match["wrong"]]
    return f"{function}({match['value']}, {match['pattern']})"


def choices(match: re.Match[str]) -> str:
    """`path = "a", "b"`."""
    return f"{match['value']} in [{', '.join(re.findall(STRING, match['items']))}]"


def joined(match: re.Match[str]) -> str:
    """A text and a path side by side as a text with a placeholder."""
    text = match["text"]
    return f"{text[:-1]}{{{{{match['wrong']}}}}}{text[-1]}"


def like(match: re.Match[str]) -> str:
    """SQL's patterns as globs."""
    value, pattern = match["value"], unescape(match["pattern"][1:-1])
    if match["word"].lower() == "ilike":
        value, pattern = f"lowercase({value})", pattern.lower()
    glob = re.sub(r"[*?\[\\]", r"\\\g<0>", pattern).replace("%", "*").replace("_", "?")
    condition = f"match({value}, {quote(glob)})" if set(glob) & set("*?[") else f"{value} = {quote(pattern)}"
    return _negated(condition) if match["not"] else condition


def regular_expression(match: re.Match[str]) -> str | None:
    """An expression of plain text and `.*` as a glob."""
    pattern = match["pattern"][1:-1].replace("\\\\", "\\")
    glob = ("" if pattern.startswith("^") else "*") + pattern.strip("^$").replace(".*", "*")
    glob = re.sub(r"\*+", "*", glob + ("" if pattern.endswith("$") else "*"))
    value = match["value"]
    if "i" in (match["flags"] or ""):
        value, glob = f"lowercase({value})", glob.lower()
    if re.fullmatch(r"[\w\s*-]*", glob) is None:
        return None
    return f"match({value}, {quote(glob)})" if "*" in glob else f"{value} = {quote(glob)}"


def bare_membership(match: re.Match[str]) -> str:
    """Words without brackets and quotes as a list of texts."""
    return f"{match['value']} in [{_texts(match['items'])}]"


def membership(match: re.Match[str]) -> str:
    items = match["items"] if match["items"] is not None else match["set"]
    return f"{match['value']} in [{_texts(items)}]"


def _texts(items: str) -> str:
    """Items with quotes around each word that is nothing else."""
    words = [item.strip() for item in re.findall(rf"{STRING}|[^,]+", items)]
    return ", ".join(quote(word) if _IS_BARE.fullmatch(word) else word for word in words if word)


def phrase(match: re.Match[str]) -> str | None:
    return _phrase(match)


def negated_phrase(match: re.Match[str]) -> str | None:
    rewritten = _phrase(match)
    return None if rewritten is None else _negated(rewritten)


def _phrase(match: re.Match[str]) -> str | None:
    word = re.sub(r"[\s_]+", " ", match["word"].lower())
    form = _PHRASES.get(word) or _PHRASES.get(re.sub(r"s\b", "", word)) or _PHRASES.get(word.replace("swith", " with"))
    if form is None or ("{b}" in form) != (match["other"] is not None):
        return None
    return form.format(a=match["value"], b=match["other"])


def _negated(condition: str) -> str:
    if " != null" in condition:
        return condition.replace(" != null", " = null")
    if " = " in condition:
        return condition.replace(" = ", " != ", 1)
    return f"!{condition}"


def negation(match: re.Match[str]) -> str:
    operand = match["operand"]
    return f"!{operand}" if operand == "(" or re.fullmatch(VALUE, operand) else f"!({operand})"


def ternary(match: re.Match[str]) -> str:
    return f"{match['before'] or ''}if({match['condition']}, {match['then']}, {match['otherwise']})"


def case(match: re.Match[str]) -> str | None:
    branches = re.split(r"(?i)\bwhen\s+", match["branches"])[1:]
    out = match["otherwise"] or "null"
    for branch in reversed(branches):
        parts = re.split(r"(?i)\s+then\s+", branch.strip())
        if len(parts) != 2:
            return None
        out = f"if({parts[0]}, {parts[1]}, {out})"
    return out


def coalesce(match: re.Match[str]) -> str:
    return _call("coalesce", match)


def concat(match: re.Match[str]) -> str:
    return _call("concat", match)


def _call(function: str, match: re.Match[str]) -> str:
    values = re.findall(VALUE, match["values"])
    blanks = match[0][: match.start("values") - match.start()]
    return f"{blanks}{function}({', '.join(values)})"


def step(key: str) -> str:
    return write_steps((key,))


def subscripts(match: re.Match[str]) -> str:
    return re.sub(rf"\[({STRING})\]", lambda key: step(unescape(key[1][1:-1])), match[0])


def slice_(match: re.Match[str]) -> str:
    end = f", {match['end']}" if match["end"] else ""
    return f"slice({match['value']}, {match['start'] or 0}{end})"


def spaced_key(match: re.Match[str]) -> str:
    return match["path"] + step(match["wrong"])


def cast(match: re.Match[str]) -> str | None:
    for function, names in _TYPES.items():
        if match["type"].lower() in names:
            return f"{function}({match['value']})"
    return None


def method(match: re.Match[str]) -> str | None:
    value, name, arguments = match["value"], match["wrong"], match["arguments"].strip()
    if name == "get":
        key, _, default = arguments.partition(",")
        if re.fullmatch(STRING, key.strip()) is None:
            return None
        path = value + step(unescape(key.strip()[1:-1]))
        return f"default({path}, {default.strip()})" if default else path
    if name in ("equals", "eq", "isEqualTo") and arguments:
        return f"{value} = {arguments}"
    function = METHODS.get(name)
    if function is None:
        return None
    return f"{function}({value}{f', {arguments}' if arguments else ''})"


def merge(match: re.Match[str]) -> str:
    rest = match["rest"]
    return f"merge({match['value']}, {{ {rest} }})" if rest else match["value"]


def formatted(match: re.Match[str]) -> str:
    """`f"a {b}"` and `` `a ${b}` `` as a text with placeholders."""
    text = match["text"]
    inside = text[1:-1] if match["wrong"] != "`" else text
    if match["wrong"] != "r":
        inside = re.sub(r"\$?\{+\s*([^{}]+?)\s*\}+", r"{{ \1 }}", inside)
    return f'"{inside}"'


def doubled_quotes(match: re.Match[str]) -> str:
    mark = match[0][0]
    return quote(match[0][1:-1].replace(mark * 2, mark))


def liquid(match: re.Match[str]) -> str | None:
    """A chain of filters, of Liquid, Jinja or jq, as calls of functions."""
    value = match["value"]
    for filter_ in re.finditer(rf"\|\s*(\w+)(?:\s*:\s*({STRING}|{SIGNED}|{PLACE}))?", match["filters"]):
        function = _FILTERS.get(filter_[1])
        if function is None:
            return None
        value = f"{function}({value}{f', {filter_[2]}' if filter_[2] else ''})"
    return value


def setting(match: re.Match[str]) -> str | None:
    """`"endpoint":` among settings; in an object a name may be in quotes."""
    if _IN_SETTINGS.search(match.string[max(0, match.start() - _REACH) : match.start()]) is None:
        return None
    return f"{match['name']} = "
