"""Habits from SQL, JavaScript, Python, YAML, spreadsheets and Segment, with their equivalents in rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ...lexis import NAME, STRING
from ..separators import EVENT_KEY
from . import rewrites
from .rewrites import COMPARED, PLACE, SIGNED, VALUE

Rewrite = Callable[[re.Match[str]], str | None]
"""What a match is written as here; None where that is not known."""


_REACH = 300
"""Characters around an offset that a habit may cover, which bounds the work for a hostile text."""


class Habit(NamedTuple):
    """A pattern of another language."""

    pattern: re.Pattern[str]
    message: str
    """With `{0}` for the text that is wrong: of the group `wrong`, or all that matches."""
    rewrite: Rewrite
    help: str = ""
    """What to do where it cannot be said by the rewritten text."""


class Mistake(NamedTuple):
    """A habit at its place in a text."""

    place: tuple[int, int]
    """Of what is wrong."""
    message: str
    help: str
    edit: tuple[int, int]
    """Of the text to replace."""
    text: str
    """The text that was found."""
    replacement: str | None


def _habit(pattern: str, message: str, rewrite: Rewrite | str, help_: str = "") -> Habit:
    written = rewrite if callable(rewrite) else _template(rewrite)
    return Habit(re.compile(pattern), message, written, help_)


def _template(template: str) -> Rewrite:
    return lambda match: match.expand(template)


_OPERATOR, _SYNTAX = "unknown operator `{0}`", "unknown syntax `{0}`"
_GLOB_HELP = 'write a glob, as in `match(event, "Order*")`'
_BARE_ITEM = rf"(?:{STRING}|[^\W\d][\w-]*(?![\w.(]))"
_LIST = r"[(\[{]\s*(?P<items>[^()\[\]{}\n]*?)\s*[)\]}]"
_WORDS = (
    r"[^\W\d]\w*(?:[ ](?!(?i:for|of|in|as|if|else|is|not|like|and|or|between|when|where|then|unless|from|with|to|eq|ne"
    r"|gt|gte|lt|lte)\b)[^\W\d]\w*)+"
)
_KEY_WORDS = _WORDS.replace("[ ](?!", f"[ ](?!{EVENT_KEY}|", 1)
_START = r"(?m:^[ \t]*)"
_FILTER = rf"{_START}(?P<kind>drop|keep)[ \t]+"
_PART = r"[^\W\d][\w.*\[\]]*"
_PARTS = rf"{_PART}(?:[ \t]*,[ \t]*{_PART})*"
_ASSIGNED = rf"{_START}(?P<field>{NAME})[ \t]*"
_COMPARISON = rf"[ \t]*{VALUE}[ \t]*(?:[=!<>]|in\b)"
"""The beginning of a condition; the value alone may be an operand of anything."""
_HABITS = (
    # `a = 1 | b = 2` joins conditions, `a | b` calls a filter.
    _habit(rf"(?<!\|)(?P<wrong>\|)(?!\|)(?={_COMPARISON})", _OPERATOR, "or"),
    _habit(rf"(?P<value>{VALUE})(?P<filters>(?:\s*(?P<wrong>\|)(?!\|)\s*\w+(?:\s*:\s*(?:{STRING}|{SIGNED}|{PLACE}))?)+)", _OPERATOR, rewrites.liquid),
    # --- filters
    _habit(rf"{_START}keep[ \t]+(?P<wrong>when|if|where)\b[ \t]+(?P<condition>[^\n#]*[^\s#])", "expected a path after `keep`, found `{0}`", r"drop when !(\g<condition>)"),
    _habit(rf"{_FILTER}(?:[^\n]*?\S[ \t]+)??(?P<wrong>if|where)[ \t]+(?P<condition>[^\n#]*[^\s#])", _SYNTAX, rewrites.when),
    _habit(rf"{_FILTER}(?P<wrong>unless)[ \t]+(?P<condition>[^\n#]+)", _SYNTAX, r"drop when !(\g<condition>)"),
    _habit(rf"{_FILTER}(?P<wrong>(?i:only|just|all|fields?|propert(?:y|ies)|traits?|keys?|events?|paths?|column|columns))[ \t]+(?P<rest>(?!when\b)[\w.$*\[\], ]+)", _SYNTAX, r"\g<kind> \g<rest>"),
    _habit(rf"{_FILTER}(?P<rest>{_PARTS})[ \t]+(?P<wrong>(?i:and)|&&?|\+)[ \t]+(?P<next>{_PART})", "expected `,` between paths, found `{0}`", r"\g<kind> \g<rest>, \g<next>"),
    _habit(rf"{_FILTER}(?P<condition>{COMPARED}(?:[ \t]+(?:and|or)[ \t]+{COMPARED})*)(?=[ \t]*(?:#|\n|\Z))", "expected `when` before a condition, found `\\g<condition>`", rewrites.drop_when),
    _habit(rf"{_FILTER}(?P<rest>{_PARTS})[ \t]+(?!(?:when|if|where|and|or|from)\b)(?P<wrong>{_PART})(?=[ \t,]|\n|\Z)", "expected `,` before `{0}`, found a blank", r"\g<kind> \g<rest>, \g<wrong>"),
    _habit(rf"{_FILTER}(?P<wrong>[\"'](?P<rest>[\w.*\[\]]+)[\"'])", "expected a path without quotes, found `{0}`", r"\g<kind> \g<rest>"),
    _habit(rf"{_FILTER}[^\n]*?(?P<wrong>\[\*\])", "expected `[]`, found `{0}`", lambda match: f"{match[0][:-3]}[]"),
    # --- comments
    _habit(r"(?P<wrong>/\*)[ \t]*(?P<text>[^\n]*?)[ \t]*\*/", "unknown comment `{0}`", r"# \g<text>"),
    _habit(r"(?P<wrong>//|--)[ \t]*(?P<text>[^\n]*)", "unknown comment `{0}`", r"# \g<text>"),
    # --- statements
    _habit(rf"{_START}(?P<wrong>(?i:set|let|var|const))[ \t]+(?P<field>{NAME})[ \t]*:?=(?!=)", "unknown statement `{0}`", r"\g<field> ="),
    _habit(rf"{_ASSIGNED}(?P<wrong>:=|<-|===?|[=-]>|:)(?!:)", "expected `=` after `\\g<field>`, found `{0}`", rewrites.assignment),
    _habit(rf"{_START}(?P<wrong>[\"'](?P<field>{NAME})[\"'])[ \t]*[=:]", "expected a field without quotes, found `{0}`", r"\g<field> ="),
    _habit(rf"{_START}(?P<wrong>-)[ \t]+(?=\w)", "unknown statement `{0}`", ""),
    _habit(rf"{_START}(?P<wrong>\$(?P<operation>set|setOnce|add))[ \t]*[=:]", "`{0}` is not a field", rewrites.operation),
    _habit(rf"{_START}(?P<wrong>(?!when\b)(?i:where|filter|trigger|subscribe|if|when)\b)[ \t]*[=:]?[ \t]*(?=[\w(!])", "unknown statement `{0}`", "when "),
    _habit(r"(?P<wrong>use[ \t]*:?[ \t]*default)\b(?!s)", "unknown statement `{0}`", "use defaults"),
    _habit(r"(?P<wrong>use[ \t]*:[ \t]*defaults)", "unknown statement `{0}`", "use defaults"),
    _habit(r"on[ \t]+conflict[ \t]*(?P<wrong>[=:])[ \t]*(?P<policy>\w+)", "expected a policy, found `{0}`", r"on conflict \g<policy>"),
    _habit(r"(?P<wrong>;)(?=[^\n()]*\))", "expected `,` between arguments, found `{0}`", ","),
    _habit(r"(?P<wrong>[;,:]|\bthen)(?=[ \t]*(?:#[^\n]*)?(?:\n|\Z))", "expected the end of the line, found `{0}`", ""),
    # --- conditions in words
    _habit(rf"(?i)(?P<value>{VALUE})\s+(?P<wrong>(?P<not>not\s+)?(?P<word>like|ilike))\s+(?P<pattern>{STRING})", _OPERATOR, rewrites.like),
    _habit(rf"(?i)(?P<value>{VALUE})\s+(?P<wrong>between)\s+(?P<low>{VALUE})\s+and\s+(?P<high>{VALUE})", _OPERATOR, r"\g<value> >= \g<low> and \g<value> <= \g<high>"),
    _habit(rf"(?i)(?P<value>{VALUE})\s+(?P<wrong>not\s+in)\s*{_LIST}", _OPERATOR, r"!(\g<value> in [\g<items>])"),
    _habit(rf"(?i)(?P<value>{VALUE})\s+in\s*(?P<wrong>\(\s*(?P<items>[^()\n]*?)\s*\)|\{{\s*(?P<set>[^{{}}\n]*?)\s*\}})", "expected a list, found `{0}`", rewrites.membership),
    _habit(rf"(?i)(?P<value>{VALUE})\s+(?P<wrong>(?:is|does|do)\s*n['o]t\s+(?P<word>set|empty|blank|exist|null|none|undefined|contain|include|equal|match|start\s+with|end\s+with)s?)(?:\s+(?P<other>{VALUE}))?", _OPERATOR, rewrites.negated_phrase),
    _habit(rf"(?i)(?P<value>(?!not\b){VALUE})\s+(?P<wrong>(?:is\s+)?(?P<word>set|empty|blank|exists|null|none|undefined|contains|includes|equals|equal\s+to|matches|starts\s+with|ends\s+with|starts_with|ends_with|startswith|endswith|begins\s+with|greater\s+than|less\s+than|at\s+least|at\s+most))(?:\s+(?P<other>{VALUE}))?(?!\w)", _OPERATOR, rewrites.phrase),
    _habit(rf"(?P<value>(?!is\b){PLACE})\s+(?P<wrong>not)\s+(?P<other>{STRING}|{SIGNED}|null|true|false)", _OPERATOR, r"\g<value> != \g<other>"),
    _habit(rf"(?:(?<=when )|(?<=and )|(?<=or )|(?<=\())(?P<value>{PLACE})\s+(?P<wrong>=\s*not)\s+(?P<other>{STRING}|{SIGNED}|null|true|false)", _OPERATOR, r"\g<value> != \g<other>"),
    _habit(rf"(?P<value>{VALUE})\s+(?P<wrong>(?!in)(?i:in))\s+(?=\[)", _OPERATOR, r"\g<value> in "),
    _habit(rf"(?P<value>{PLACE})\s*(?P<wrong>\^=|\$=|\*=)\s*(?P<pattern>{STRING})", _OPERATOR, rewrites.selector),
    _habit(rf"(?P<value>{PLACE})\s*(?P<first><=?|>=?)\s*(?P<low>{VALUE})\s+(?P<word>and|or)\s+(?P<wrong><=?|>=?)\s*(?P<high>{VALUE})", "expected a path before `{0}`", r"\g<value> \g<first> \g<low> \g<word> \g<value> \g<wrong> \g<high>"),
    _habit(r"(?P<value>\btype)\s*(?P<wrong>:)\s*(?P<word>[a-z]+)\b", _OPERATOR, r'\g<value> = "\g<word>"'),
    _habit(rf"(?P<value>{VALUE})\s+(?P<wrong>(?i:eq|ne|neq|gt|gte|ge|lt|lte|le))\s+(?P<other>{VALUE})", _OPERATOR, rewrites.infix),
    _habit(rf"(?P<value>{PLACE})[ \t]*(?:=|\bin\b)[ \t]*(?P<items>{STRING}(?:[ \t]*(?P<wrong>,|\|(?!\|))[ \t]*{STRING})+)", "expected one value, found `\\g<items>`", rewrites.choices),
    _habit(rf"(?P<value>{PLACE})\s+in\s+(?P<wrong>(?P<items>{_BARE_ITEM}(?:[ \t]*,[ \t]*{_BARE_ITEM})+))", "expected a list, found `{0}`", rewrites.bare_membership),
    _habit(rf"(?P<low>{SIGNED})[ \t]*(?P<first><=?)[ \t]*(?P<value>{PLACE})[ \t]*(?P<wrong><=?)[ \t]*(?P<high>{SIGNED})", "unexpected second comparison `{0}`", r"\g<low> \g<first> \g<value> and \g<value> \g<wrong> \g<high>"),
    _habit(rf"(?P<value>{PLACE})[ \t]*(?P<wrong>![ \t]+=)[ \t]*", _OPERATOR, r"\g<value> != "),
    _habit(rf"(?i)(?P<value>{VALUE})\s+(?P<wrong>is\s+not)\s+(?P<other>{VALUE})", _OPERATOR, r"\g<value> != \g<other>"),
    _habit(rf"(?i)(?P<value>{VALUE})\s+(?P<wrong>is)\s+(?P<other>{VALUE})", _OPERATOR, r"\g<value> = \g<other>"),
    _habit(rf"(?P<value>{VALUE})\s*(?P<wrong>=~|~\*?|(?i:regexp|rlike|similar\s+to)\b)\s*(?P<pattern>{STRING}|/[^/\n]*/)(?P<flags>[gimsu]*)", _OPERATOR, rewrites.regular_expression),
    _habit(rf"(?P<wrong>(?P<pattern>/[^/\n]+/)(?P<flags>[gimsuy]*)\s*\.\s*test)\s*\(\s*(?P<value>{VALUE})\s*\)", _SYNTAX, rewrites.regular_expression, _GLOB_HELP),
    _habit(rf"(?P<value>{PLACE})\.(?P<wrong>match(?:es)?|search|test)\(\s*(?P<pattern>/[^/\n]+/)(?P<flags>[gimsuy]*)\s*\)(?:[ \t]*!==?[ \t]*null)?", "unknown method `{0}`", rewrites.regular_expression, _GLOB_HELP),
    _habit(rf"(?P<wrong>re\.(?:match|search|fullmatch))\(\s*[rR]?(?P<pattern>{STRING})\s*,\s*(?P<value>{VALUE})(?P<flags>)\s*\)", "unknown function `{0}`", rewrites.regular_expression, _GLOB_HELP),
    _habit(rf"(?P<wrong>new[ \t]+RegExp)\(\s*(?P<pattern>{STRING})(?:\s*,\s*[\"'](?P<flags>\w*)[\"'])?\s*\)\s*\.\s*test\(\s*(?P<value>{VALUE})\s*\)", _SYNTAX, rewrites.regular_expression, _GLOB_HELP),
    _habit(rf"(?i)\b(?P<wrong>not)\s*(?P<operand>\(|{COMPARED})", _OPERATOR, rewrites.negation),
    # --- choices
    _habit(r"(?i)(?P<wrong>case)\s+(?P<branches>when\s.+?)(?:\s+else\s+(?P<otherwise>.+?))?\s+end\b", _SYNTAX, rewrites.case),
    _habit(rf"(?P<before>{_START}{NAME}[ \t]*=[ \t]*)?(?P<condition>{COMPARED})\s*(?P<wrong>\?)(?![?.])\s*(?P<then>{VALUE})\s*:\s*(?P<otherwise>{VALUE})", _OPERATOR, rewrites.ternary),
    _habit(rf"(?P<then>{VALUE})\s+(?P<wrong>if)\s+(?P<condition>{COMPARED})\s+else\s+(?P<otherwise>{VALUE})", _SYNTAX, r"if(\g<condition>, \g<then>, \g<otherwise>)"),
    _habit(rf"\b(?P<wrong>if)\s*\(?\s*(?P<condition>{COMPARED})\s*\)?\s+then\s+(?P<then>{VALUE})\s+else\s+(?P<otherwise>{VALUE})\s*\)?", _SYNTAX, r"if(\g<condition>, \g<then>, \g<otherwise>)"),
    _habit(rf"\b(?P<wrong>if)\s*\(?\s*(?P<condition>{COMPARED})\s*\)?\s*\{{\s*(?P<then>{VALUE})\s*\}}\s*else\s*\{{\s*(?P<otherwise>{VALUE})\s*\}}", _SYNTAX, r"if(\g<condition>, \g<then>, \g<otherwise>)"),
    _habit(rf"(?P<then>{VALUE})\s+(?P<wrong>if)\s+(?P<condition>{COMPARED})(?=[ \t]*(?:#[^\n]*)?(?:\n|\Z))", _SYNTAX, r"if(\g<condition>, \g<then>, omit)"),
    _habit(rf"(?P<values>{VALUE}(?:\s*(?P<wrong>\?\?)\s*{VALUE})+)", _OPERATOR, rewrites.coalesce),
    _habit(rf"(?<==)\s*(?P<values>{VALUE}(?:\s*(?P<wrong>\|\|)\s*{VALUE})+)(?=[ \t]*(?:#[^\n]*)?(?:\n|\Z))", _OPERATOR, rewrites.coalesce),
    # --- paths
    _habit(rf"{PLACE}(?P<wrong>\?\.)[\w$.?\[\]-]*", _OPERATOR, lambda match: match[0].replace("?.[", "[").replace("?.", ".")),
    _habit(rf"{PLACE}(?P<wrong>\[[\"'])[^\n\]]*\](?:\[[\"'][^\n\]]*\]|\.\w+)*", "expected an index, found a key in quotes", rewrites.subscripts),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>\[(?:\*)?\])(?P<rest>(?:\.\w+)+)", "expected an index, found `{0}`", r"[item\g<rest> for item in \g<value>]"),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>\[(?:\*)?\])", "expected an index, found `{0}`", r"\g<value>"),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>\[(?P<end_>first|last)\])(?P<rest>(?:\.\w+)*)", "expected an index, found `{0}`", r"\g<end_>(\g<value>)\g<rest>"),
    _habit(r"(?<![\w.\])])(?P<wrong>\.)(?P<rest>(?:event|type|name|userId|properties|traits|context)\b[\w.]*)", "expected a path, found `{0}`", r"\g<rest>"),
    _habit(r"(?<![\w.])(?P<wrong>\$(?:event|message|body|payload|track))(?:\.(?P<rest>[\w.]+))?", "expected a path, found `{0}`", lambda match: match["rest"] or "event"),
    _habit(r"(?<![\w.$\\])(?P<wrong>\$)(?P<rest>[^\W\d][\w.]*+)(?!\s*[:\[])", "expected a path, found `{0}`", r"\g<rest>"),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>->|:(?!:))(?P<rest>[^\W\d]\w*)", _OPERATOR, r"\g<value>.\g<rest>"),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>\.\*)(?![\w*])", "expected a path, found `\\g<value>{0}`", r"\g<value>"),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>\[-1\])", "expected an index, found `{0}`", r"last(\g<value>)"),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>\[(?P<start>[0-9]*):(?P<end>[0-9]*)\])", "expected an index, found `{0}`", rewrites.slice_),
    _habit(rf"(?P<value>{PLACE})(?P<wrong>->>?)\s*(?P<key>{STRING})", _OPERATOR, lambda match: match["value"] + rewrites.step(match["key"][1:-1])),
    _habit(rf"(?i)\b(?P<wrong>cast)\s*\(\s*(?P<value>{VALUE})\s+as\s+(?P<type>\w+)\s*\)", "unknown function `{0}`", rewrites.cast),
    _habit(rf"(?<![\w.])(?P<path>[^\W\d][\w-]*(?:\.[\w-]+)*)\.(?P<wrong>{_KEY_WORDS})(?=\s*(?:[=!<>)\],}}\n]|and\b|or\b|\Z))", "expected a key without blanks, found `{0}`", rewrites.spaced_key),
    # --- calls
    _habit(rf"(?P<value>{VALUE})(?P<wrong>::)(?P<type>\w+)", _OPERATOR, rewrites.cast),
    _habit(rf"(?P<value>{VALUE})\s+(?P<wrong>as)\s+(?P<type>\w+)(?=[ \t]*(?:#[^\n]*)?(?:\n|\Z))", _OPERATOR, rewrites.cast),
    _habit(rf"(?<=[ \t])(?P<wrong>as[ \t]+{NAME})(?=[ \t]*(?:[,)\]}}{{]|#[^\n]*|\n|\Z))", _SYNTAX, ""),
    _habit(rf"(?P<list>\[[^\[\]\n]*\])\.(?P<wrong>includes)\((?P<value>{VALUE})\)", "unknown method `{0}`", r"\g<value> in \g<list>"),
    _habit(rf"(?P<list>{PLACE})\.(?P<wrong>map)\(\s*\(?(?P<item>\w+)\)?\s*=>\s*(?P<value>{VALUE})\s*\)", "unknown method `{0}`", r"[\g<value> for \g<item> in \g<list>]"),
    _habit(rf"(?P<value>{PLACE})\.(?P<wrong>\w+)\((?P<arguments>[^()\n]*)\)", "unknown method `{0}`", rewrites.method, "call a function with the value as its first argument, as in `lowercase(name)`"),
    _habit(rf"\bfor\s+{NAME}\s+(?P<wrong>of)\b", "expected `in`, found `{0}`", lambda match: f"{match[0][:-2]}in"),
    _habit(rf"\b(?P<wrong>typeof|exists|blank|length|lowercase|uppercase|number|string)\s+(?P<value>{PLACE})", "expected `(` after `{0}`", r"\g<wrong>(\g<value>)"),
    # `a = 1 & b = 2` joins conditions, `a & b` texts.
    _habit(rf"(?<!&)(?P<wrong>&)(?!&)(?={_COMPARISON})", _OPERATOR, "and"),
    _habit(rf"(?P<values>{VALUE}(?:\s*(?P<wrong>&)(?!&|{_COMPARISON})\s*{VALUE})+)", _OPERATOR, rewrites.concat),
    _habit(r"\{\s*(?P<wrong>\.\.\.|\*\*)(?P<value>[\w.]+)\s*(?:,\s*(?P<rest>[^{}\n]*?))?\s*\}", _OPERATOR, rewrites.merge),
    _habit(rf"(?P<text>{STRING})[ \t]*(?:\.\.?|~)?[ \t]*(?P<wrong>(?:properties|traits|context)(?:\.\w+)+|event|name|type|userId)(?=[ \t]*(?:#[^\n]*)?(?:\n|\Z))", "unexpected `{0}` after a text", rewrites.joined),
    # --- values
    _habit(rf"\b(?P<wrong>[fr])(?P<text>{STRING})", "unknown prefix `{0}` before a text", rewrites.formatted),
    _habit(r"(?P<wrong>`)(?P<text>[^`\n]*)`", "unknown quotes `` {0} ``", rewrites.formatted),
    _habit(r"(?P<wrong>[“”‘’])[^\n“”‘’]*[“”‘’]", "expected plain quotes, found `{0}`", lambda match: f'"{match[0][1:-1]}"'),
    _habit(r"(?P<wrong>\"\"\"|''')(?P<text>[^\"'\n]*)(?P=wrong)", "unknown quotes `{0}`", r'"\g<text>"'),
    _habit(r"'[^'\n]*''[^'\n]*'(?!')|\"[^\"\n]*\"\"[^\"\n]*\"(?!\")", "doubled quotes in a text", rewrites.doubled_quotes),
    _habit(r"(?<![\w$])\$?(?P<wrong>\{\{?)\s*(?P<path>[\w.$]+)\s*\}\}?", "expected a path, found `{0}`", r"\g<path>"),
    _habit(r"(?<![\w.,])(?P<wrong>[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+)(?![\w.,])", "expected a number without separators, found `{0}`", lambda match: match[0].replace(",", "")),
    _habit(r"(?<![\w.,])(?P<wrong>[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+)(?![\w.,])", "expected a number without separators, found `{0}`", lambda match: match[0].replace(".", "").replace(",", ".")),
    _habit(r"(?<![\w.])(?P<number>[0-9]+)(?P<wrong>\.)(?![\w.])", "expected a digit after `\\g<number>.`", r"\g<number>"),
    _habit(r"(?<![\w.])(?P<wrong>[$€£])[ \t]*(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.,])", "expected a number, found `{0}`", r"\g<number>"),
    _habit(r"(?<![\w.])(?P<whole>[1-9][0-9]{0,2})(?P<wrong>,)(?P<rest>[0-9]{3})(?![\w.,])", "expected a number without separators, found `{0}`", lambda match: None, "write `1000` for a thousand, and a fraction after `.`"),
    _habit(r"(?<![\w.])(?P<wrong>[1-9][0-9]*(?:_+[0-9]+)+(?:\.[0-9]+)?)(?![\w.])", "expected a number without separators, found `{0}`", lambda match: match[0].replace("_", "")),
    _habit(r"(?<![\w.])(?P<whole>[0-9]+)(?P<wrong>,)(?P<rest>[0-9]+)(?![\w.,])", "expected `.` in a number, found `{0}`", r"\g<whole>.\g<rest>"),
    _habit(r"(?<![\w.])(?P<number>[0-9]+)(?P<wrong>%)", _OPERATOR, lambda match: f"{int(match['number']) / 100:g}"),
    _habit(rf"(?<==)[ \t]*(?P<text>{_WORDS})(?=[ \t]*(?:#[^\n]*)?(?:\n|\Z))", "expected a text in quotes, found `\\g<text>`", lambda match: f' "{match["text"]}"'),
    _habit(r"(?<=include)\s+(?P<wrong>[\w./-]+)", "expected a text in quotes, found `{0}`", r' "\g<wrong>"'),
    _habit(rf"(?<![=!<>])=[ \t]*(?P<wrong>=)[ \t]*(?={PLACE}[ \t]*(?:\Z|\())", "expected a value, found `{0}`", "= "),
    # --- settings
    _habit(rf"(?P<wrong>[\"'](?P<name>{NAME})[\"'])[ \t]*[:=][ \t]*(?={STRING}|{SIGNED}|true|false)", "expected a name without quotes, found `{0}`", rewrites.setting),
    _habit(rf"(?P<value>{NAME})[ \t]*(?P<wrong>=>|->|:=)[ \t]*(?P<text>{STRING})", _OPERATOR, r"\g<value> = \g<text>"),
    # --- operators
    *(
        _habit(rf"(?P<wrong>{re.escape(spelling)})(?![=&|])", _OPERATOR, meant)
        for spelling, meant in (("===", "="), (":=", "="), ("!==", "!="), ("==", "="), ("&&", "and"), ("||", "or"), ("<>", "!="), ("=<", "<="))
    ),
    _habit(rf"(?P<value>{PLACE})\s*(?P<wrong>:)\s*(?P<text>{STRING})", _OPERATOR, r"\g<value> = \g<text>"),
    _habit(r"(?<=[\w\"')\]])\s+(?P<wrong>=>)(?=\s+[\w\"'(])", _OPERATOR, ">="),
)  # fmt: skip


def mistake_at(text: str, start: int, offset: int) -> Mistake | None:
    """The first habit that matches around an offset, in text from `start` to the end of the offset's line."""
    end = text.find("\n", offset)
    end = min(len(text) if end < 0 else end, offset + _REACH)
    start = max(start, offset - _REACH)
    for habit in _HABITS:
        for match in habit.pattern.finditer(text, start, end):
            if match.start() <= offset < match.end() or offset == match.end() == len(text):
                mistake = _of_match(habit, match)
                if mistake is not None:
                    return mistake
    return None


def _of_match(habit: Habit, match: re.Match[str]) -> Mistake | None:
    is_part = "wrong" in match.re.groupindex
    place = match.span("wrong") if is_part else match.span()
    wrong = match["wrong"] if is_part else match[0]
    message = match.expand(habit.message).replace("{0}", wrong)
    written = match[0].lstrip()
    edit = (match.end() - len(written), match.end())
    rewritten = habit.rewrite(match)
    if rewritten is None:
        return Mistake(place, message, habit.help, edit, written, None) if habit.help else None
    replacement = rewritten.lstrip()
    help_ = f"write `{replacement.strip()}`" if replacement else f"delete `{wrong}`"
    if replacement == "!(":
        help_ = f"write `!` in place of `{wrong}`"
    return Mistake(place, message, help_, edit, written, replacement)
