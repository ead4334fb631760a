"""Other rule and mapping languages from PyPI on one task: a trigger and eleven fields."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

import rulewright

Event = dict[str, Any]
Run = Callable[[Event], Any]

FIELDS = {
    "user_id": "userId",
    "device_id": "context.device.id",
    "event_type": "event",
    "time": "timestamp",
    "ip": "context.ip",
    "language": "context.locale",
    "country": "context.location.country",
    "city": "context.location.city",
    "os_name": "context.os.name",
    "carrier": "context.network.carrier",
    "library": "context.library.name",
}
"""Output field and the path that it comes from; what is missing is left out or null, as the language has it."""


def by_hand() -> Run:
    """The least that Python needs: no guard against what a damaged event may hold."""

    def run(event: Event) -> Any:
        if event["type"] != "track" or event["event"] == "Order Completed":
            return None
        out = {"user_id": event.get("userId"), "event_type": event["event"], "time": event.get("timestamp")}
        context = event.get("context") or {}
        device, location = context.get("device") or {}, context.get("location") or {}
        out["device_id"], out["ip"], out["language"] = device.get("id"), context.get("ip"), context.get("locale")
        out["country"], out["city"] = location.get("country"), location.get("city")
        out["os_name"] = (context.get("os") or {}).get("name")
        out["carrier"] = (context.get("network") or {}).get("carrier")
        out["library"] = (context.get("library") or {}).get("name")
        return out

    return run


def ours() -> Run:
    entries = ", ".join(f"{name}: {path}" for name, path in FIELDS.items())
    run: Run = rulewright.compile_expression(
        f'if(type = "track" and event != "Order Completed", {{ {entries} }}, null)'
    )
    return run


def jmespath() -> Run:
    entries = ", ".join(f"{name}: {path}" for name, path in FIELDS.items())
    text = f"(type == 'track' && event != 'Order Completed') && {{{entries}}}"
    compiled = import_module("jmespath").compile(text)
    run: Run = compiled.search
    return run


def jsonata_text() -> str:
    entries = ", ".join(f'"{name}": {path}' for name, path in FIELDS.items())
    return f'(type = "track" and event != "Order Completed") ? {{ {entries} }} : null'


def jsonata_python() -> Run:
    run: Run = import_module("jsonata").Jsonata(jsonata_text()).evaluate
    return run


def jsonata_rust() -> Run:
    compiled = import_module("jsonatapy").compile(jsonata_text())
    run: Run = compiled.evaluate
    return run


def jq() -> Run:
    entries = ", ".join(f"{name}: .{path}" for name, path in FIELDS.items())
    program = import_module("jq").compile(
        f'if .type == "track" and .event != "Order Completed" then {{{entries}}} else null end'
    )
    return lambda event: program.input_value(event).first()


def zen_engine() -> Run:
    engine = import_module("zen")
    entries = ", ".join(f"{name}: {path}" for name, path in FIELDS.items())
    compiled = engine.compile_expression(f"type == 'track' and event != 'Order Completed' ? {{{entries}}} : null")
    run: Run = compiled.evaluate
    return run


def rule_engine() -> Run:
    module = import_module("rule_engine")
    context = module.Context(resolver=module.resolve_item, default_value=None)
    rule = module.Rule("type == 'track' and event != 'Order Completed'", context=context)
    values = {name: module.Rule(path.replace(".", "&."), context=context) for name, path in FIELDS.items()}
    return lambda event: (
        {name: value.evaluate(event) for name, value in values.items()} if rule.matches(event) else None
    )


def cel_python() -> Run:
    module = import_module("celpy")
    environment = module.Environment()

    def program(text: str) -> Any:
        return environment.program(environment.compile(text))

    trigger = program("e.type == 'track' && e.event != 'Order Completed'")
    values = {name: program(f"e.{path}") for name, path in FIELDS.items()}

    def run(event: Event) -> Any:
        activation = {"e": module.json_to_cel(event)}
        if not trigger.evaluate(activation):
            return None
        out = {}
        for name, value in values.items():
            try:
                out[name] = value.evaluate(activation)
            except module.CELEvalError:
                out[name] = None
        return out

    return run


def glom() -> Run:
    module = import_module("glom")
    spec = {name: module.Coalesce(path, default=None) for name, path in FIELDS.items()}

    def run(event: Event) -> Any:
        if event["type"] != "track" or event["event"] == "Order Completed":
            return None
        return module.glom(event, spec)

    return run


PEERS: dict[str, tuple[str, Callable[[], Run]]] = {
    "jmespath": ("jmespath", jmespath),
    "jsonatapy (Rust)": ("jsonatapy", jsonata_rust),
    "zen-engine (Rust)": ("zen-engine", zen_engine),
    "jq (C)": ("jq", jq),
    "glom": ("glom", glom),
    "jsonata-python": ("jsonata-python", jsonata_python),
    "rule-engine": ("rule-engine", rule_engine),
    "cel-python": ("cel-python", cel_python),
}


def measure(events: list[Event], rounds: int = 5) -> dict[str, dict[str, Any]]:
    """Of each peer: its version, and how many times as long as the program by hand it takes; or why it did not run."""
    tracks = [event for event in events if event["type"] == "track"]
    sides: dict[str, Run] = {"by hand": by_hand(), "Rulewright": ours()}
    results: dict[str, dict[str, Any]] = {"Rulewright": {"version": rulewright_version()}}
    for name, (package, make) in PEERS.items():
        results[name] = {}
        try:
            results[name]["version"] = version(package)
            run = make()
            _agrees(run, sides["by hand"], tracks)
            sides[name] = run
        except Exception as error:  # whatever a peer raises, the others are still measured
            results[name]["error"] = f"{type(error).__name__}: {error}"[:200]
    best = dict.fromkeys(sides, float("inf"))
    for _ in range(rounds):
        for name, run in sides.items():
            few = tracks[: 2000 if best[name] < 1e-3 else 50]
            started = time.perf_counter()
            for event in few:
                run(event)
            best[name] = min(best[name], (time.perf_counter() - started) / len(few))
    for name in sides:
        if name != "by hand":
            results[name]["times as long"] = best[name] / best["by hand"]
    return results


def _agrees(run: Run, right: Run, events: list[Event]) -> None:
    """Raises ValueError when a peer gives something else on clean events: it would not be the same task."""
    for event in events[:20]:
        expected = {key: value for key, value in (right(event) or {}).items() if value is not None}
        given = {key: value for key, value in dict(run(event) or {}).items() if value is not None}
        if {key: str(value) for key, value in given.items()} != {key: str(value) for key, value in expected.items()}:
            raise ValueError(f"another result: {given} for {expected}")


def rulewright_version() -> str:
    from rulewright.version import VERSION

    return VERSION
