"""What came of the tests as JUnit XML, which build servers read."""

from __future__ import annotations

from xml.etree import ElementTree

from ..printable import printable
from .as_text import failure
from .results import Result, SuiteResult


def junit(results: list[SuiteResult]) -> bytes:
    """A test suite for each rule file, a failure with the text of the screen for each test that failed."""
    root = ElementTree.Element("testsuites")
    for result in results:
        failed = str(len(result.failed))
        seconds = f"{sum(one.seconds for one in result.results):.6f}"
        count = str(len(result.results))
        suite = ElementTree.SubElement(
            root, "testsuite", name=str(result.suite.path), tests=count, failures=failed, time=seconds
        )
        for one in result.results:
            _case(suite, one)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ElementTree.Element, result: Result) -> None:
    span = result.trial.span
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=suite.attrib["name"],
        name=printable(result.trial.name),
        file=span.source.name,
        line=str(span.line),
        time=f"{result.seconds:.6f}",
    )
    if not result.passed:
        text = list(failure(result, lambda text, style: text))
        failed = ElementTree.SubElement(case, "failure", message=printable(result.misses[0].text))
        failed.text = "\n".join(text)
