"""Test results as JUnit XML, which build servers read."""

from __future__ import annotations

from xml.etree import ElementTree

from ...printable import printable
from ..runner import CaseResult, SuiteResult
from .as_text import failure
from .laws_as_text import broken_law


def junit(results: list[SuiteResult], seed: int = 0) -> bytes:
    """A test suite for each rule file, and one for its laws; a failure has the text of the screen."""
    root = ElementTree.Element("testsuites")
    for result in results:
        failed = str(len(result.failed))
        seconds = f"{sum(case.seconds for case in result.results):.6f}"
        count = str(len(result.results))
        suite = ElementTree.SubElement(
            root, "testsuite", name=str(result.suite.path), tests=count, failures=failed, time=seconds
        )
        for case in result.results:
            _case(suite, case)
        if any(law.law is not None or not law.held for law in result.laws):
            _laws(root, result, seed)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ElementTree.Element, result: CaseResult) -> None:
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


def _laws(root: ElementTree.Element, result: SuiteResult, seed: int) -> None:
    broken = str(sum(not law.held for law in result.laws))
    seconds = f"{sum(law.seconds for law in result.laws):.6f}"
    name, count = f"{result.suite.path}: laws", str(len(result.laws))
    suite = ElementTree.SubElement(root, "testsuite", name=name, tests=count, failures=broken, time=seconds)
    for law in result.laws:
        attributes = {"classname": name, "name": printable(law.name), "time": f"{law.seconds:.6f}"}
        if law.law is not None:
            attributes |= {"file": law.law.span.source.name, "line": str(law.law.span.line)}
        case = ElementTree.SubElement(suite, "testcase", attributes)
        if not law.held:
            text = list(broken_law(law, seed, lambda text, style: text))
            failed = ElementTree.SubElement(case, "failure", message=text[1].strip())
            failed.text = "\n".join(text)
