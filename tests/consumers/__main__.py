"""`make consumers-test`: each format and hook is read or run by a real consumer. Everything is in build/consumers/.

A consumer that accepts everything would show nothing, so each is also given something that it must refuse.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from rulewright.version import VERSION
from tests.pages.blocks import blocks_of
from tests.paths import ROOT
from tests.rules_text import SHOP, SHOP_TEST

from .programs import FOLDER, MODULES, Command, Refused, install, program, run

GOOD = SHOP + SHOP_TEST
BAD = GOOD.replace('event = "Order"', 'match(event, "Order")').replace("omit\n", "omit\n  city = contxt.city\n")
FRAGMENT = 'drop when type = "group"\n'
WORKFLOWS = (".github/workflows/ci.yml", ".github/workflows/release.yml")


def shown(page: str, what: str) -> str:
    """The block of a page that is not run here because it is for this consumer."""
    text = (ROOT / page).read_text(encoding="utf-8")
    (block,) = [block.text for block in blocks_of(page, text) if block.reason == what]
    return block


def kept(name: str, text: str) -> Path:
    """A file in the folder of the consumers."""
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def github() -> None:
    """The action and the workflows: GitHub's schemas, and actionlint."""
    schema: Command = [program("check-jsonschema"), "--builtin-schema"]
    page = kept("workflow.yml", shown("docs/ci.md", "a workflow of GitHub"))
    run([*schema, "vendor.github-actions", "action.yml"])
    run([*schema, "vendor.github-workflows", *WORKFLOWS, page])
    lint: Command = ["node", "tests/consumers/actionlint.mjs"]
    run([*lint, *WORKFLOWS, page])
    wrong = kept("wrong.yml", page.read_text().replace("ubuntu-latest", "${{ nowhere.at_all }}"))
    run([*lint, wrong], status=1)


def docker() -> None:
    """The Dockerfile by hadolint."""
    lint: Command = [program("hadolint"), "--failure-threshold", "style"]
    run([*lint, "Dockerfile"])
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    run([*lint, kept("wrong.Dockerfile", text.replace(":3.12-slim-bookworm", ""))], status=1)


def gitlab() -> None:
    """The job of GitLab by its schema, and the report by what GitLab asks of one."""
    schema: Command = [program("check-jsonschema"), "--builtin-schema", "vendor.gitlab-ci"]
    job = kept("gitlab-ci.yml", shown("docs/ci.md", "a job of GitLab"))
    run([*schema, job])
    run([*schema, kept("wrong-ci.yml", job.read_text().replace("artifacts:", "artefacts:"))], status=1)
    report = kept("code-quality.json", output("check", "--format", "gitlab", rules=BAD))
    rules = ROOT / "tests" / "consumers" / "code-quality.schema.json"
    checker: Command = [program("check-jsonschema"), "--schemafile", rules]
    run([*checker, report])
    issues = json.loads(report.read_text())
    run([*checker, kept("wrong.json", json.dumps([{**issues[0], "severity": "loud"}]))], status=1)


def sarif() -> None:
    """SARIF by Microsoft's validator, which is that of GitHub's documentation."""
    log = json.loads(output("check", "--format", "sarif", rules=BAD))
    if errors := _found_in(log):
        raise Refused("the validator of SARIF:\n" + "\n".join(errors))
    log["runs"][0]["results"][0]["ruleIndex"] = 99
    if not any("error SARIF1009" in line for line in _found_in(log)):
        raise Refused("the validator of SARIF takes an index without a rule")


def _found_in(log: object) -> list[str]:
    """The validator's lines that begin with the file; it ends with 0 whatever it finds."""
    file = kept("log.sarif", json.dumps(log))
    multitool = MODULES / "@microsoft" / "sarif-multitool-linux" / "Sarif.Multitool"
    (FOLDER / "validated.sarif").unlink(missing_ok=True)
    said = run(
        [multitool, "validate", file, "--output", FOLDER / "validated.sarif"],
        more={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )
    if "Analysis completed successfully" not in said:
        raise Refused(f"the validator of SARIF:\n{said}")
    return [line for line in said.splitlines() if line.startswith(str(file))]


def pre_commit() -> None:
    """The hooks in a repository of rules, installed by pre-commit from a clone of this one."""
    tool = program("pre-commit")
    run([tool, "validate-manifest", ".pre-commit-hooks.yaml"])
    config = shown("docs/ci.md", "a file of pre-commit")
    run([tool, "validate-config", kept("pre-commit.yaml", config)])
    source, rules = FOLDER / "source", FOLDER / "rules"
    run(["git", "clone", "--quiet", "--no-hardlinks", ROOT, source])
    commit = run(["git", "rev-parse", "HEAD"], cwd=source).strip()
    config = config.replace("https://github.com/rulewright/rulewright", str(source)).replace(f"v{VERSION}", commit)
    kept("rules/.pre-commit-config.yaml", config)
    kept("rules/shop.rules", 'include "parts/filters.rules"\n\n' + GOOD)
    kept("rules/parts/filters.rules", FRAGMENT)
    run(["git", "init", "--quiet"], cwd=rules)
    home = {"PRE_COMMIT_HOME": str(FOLDER / "pre-commit")}
    run(["git", "add", "--all"], cwd=rules)
    run([tool, "run", "--all-files"], cwd=rules, more=home)
    for text, hook in (
        (BAD, "rulewright-check"),
        (GOOD.replace("use defaults", "use   defaults"), "rulewright-fmt"),
        (GOOD.replace('expect "Orders"', 'expect no "Orders"'), "rulewright-test"),
    ):
        kept("rules/shop.rules", text)
        run([tool, "run", hook, "--all-files"], cwd=rules, status=1, more=home)


def action() -> None:
    """The scripts of the action's steps, as GitHub's runner calls bash; its own installation is left out."""
    # ruamel.yaml is in the consumers' environment alone.
    read = "import json, sys; from ruamel.yaml import YAML; print(json.dumps(YAML(typ='safe').load(sys.stdin)))"
    with (ROOT / "action.yml").open() as file:
        text = subprocess.run([program("python"), "-c", read], stdin=file, capture_output=True, check=True).stdout
    steps = [
        step for step in json.loads(text)["runs"]["steps"] if "run" in step and step["name"] != "Install Rulewright"
    ]
    kept("base.rules", GOOD)
    summary = FOLDER / "summary.md"
    for rules, status in (
        (GOOD.replace('event = "Order"', 'event = "Ordered"'), {"Test rules": 1}),
        (BAD, {"Check rules": 1}),
    ):
        kept("shop.rules", rules)
        inputs = {"RULES": "shop.rules", "FAIL_ON": "warning", "BASE": "base.rules", "SARIF": "rulewright.sarif"}
        written = {}
        for step in steps:
            written[step["name"]] = run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=FOLDER,
                status=status.get(step["name"], 0),
                more={**inputs, "GITHUB_STEP_SUMMARY": str(summary)},
            )
    if "::warning file=shop.rules,line=4" not in written["Check rules"]:
        raise Refused(f"expected an annotation, found {written['Check rules']}")
    if "Orders" not in summary.read_text():
        raise Refused(f"expected what changes, found {summary.read_text()}")


def output(*command: str, rules: str) -> str:
    """What a command writes to standard output for some rules."""
    kept("shop.rules", rules)
    name, *options = command
    return subprocess.run(
        [Path(sys.executable).with_name("rulewright"), name, "shop.rules", *options],
        cwd=FOLDER,
        capture_output=True,
        encoding="utf-8",
        check=False,
    ).stdout


CONSUMERS: tuple[Callable[[], None], ...] = (github, docker, gitlab, sarif, action, pre_commit)

if __name__ == "__main__":
    shutil.rmtree(FOLDER, ignore_errors=True)
    install()
    for consumer in CONSUMERS:
        try:
            consumer()
        except Refused as refused:
            sys.exit(f"consumers-test: {consumer.__name__}: {refused}")
        print(f"{consumer.__name__}: {consumer.__doc__}", flush=True)  # noqa: T201
