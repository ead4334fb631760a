"""The text of an expression, which is read again before anybody gets it."""

from __future__ import annotations

from ..dsl import ast
from ..dsl.format.expressions import expression_to_text
from ..dsl.source import Source
from ..dsl.syntax.reader import read_expression
from .problems import JsonPath, NoRuleForm


def rule_text(expression: ast.Expression, place: JsonPath = ()) -> str:
    """The text of an expression, which is sure to read back as the same expression.

    Raises NoRuleForm if there is none, because texts in placeholders of texts, or expressions, are nested too deep.
    """
    try:
        text = expression_to_text(expression)
    except ValueError:
        text = ""
    if read_expression(Source("import", text))[0] != expression:
        raise NoRuleForm("this is nested so deep that it has no form in the language", place)
    return text
