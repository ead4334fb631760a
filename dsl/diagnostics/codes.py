"""The registry of diagnostic codes: a code keeps its meaning forever, and is never reused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding."""

    code: str
    severity: Literal["error", "warning", "note"]
    title: str
    explanation: str
    """Why it matters and what to do, for `docs/diagnostics.md`."""
    secret: bool = False
    """The text of the place is shown to nobody: what a check writes ends in the logs of others."""


_ALL = (
    # --- files
    Code("RW0001", "error", "file cannot be read", "The file is missing, is no file, or may not be read. Check the path and its rights."),
    Code("RW0002", "error", "file is not text", "A rule file is UTF-8 text. This one holds bytes that are not, or a NUL byte. Save it as UTF-8."),
    Code("RW0003", "error", "file is too large", "A rule file may hold 16 MB. Split it, and `include` the parts."),
    Code("RW0004", "error", "circular include", "A file includes itself, directly or through others. Take one of the includes out."),
    Code("RW0005", "error", "no rules", "The file has no mapping, and includes none, so nothing could ever be sent."),
    Code("RW0006", "error", "file is out of reach", "What a rule file names (`include`, `given`, `source schema`) is read only from inside the folder of the first file, links followed, and not from hidden files or folders there, so that rules from a stranger cannot show what else is on the machine. Move the file, or name a wider folder with `--root`."),
    Code("RW0007", "error", "too many includes", "Includes nest at most 50 deep, and all files together are at most 1,000, counted with repetitions, with 16 million characters. Include each file once."),
    Code("RW0008", "error", "not a rule file", "A file that is included, or that a link leads to, holds something else. Its text is not shown, for it may be a secret. Name rule files `*.rules`, and their errors are shown like those of any other."),
    Code("RW0009", "error", "unknown language version", "A rule file may begin with the version of the language that it is written in: `language 1`. A later version can mean something else by the same text, so that it is not guessed."),
    # --- syntax
    Code("RW0101", "error", "syntax error", "The text is not of the language here. The message says what could stand in its place."),
    Code("RW0102", "error", "text is not closed", "A quote opens text that does not end on the same line. Close it, or write `\\n` for a line break."),
    Code("RW0103", "error", "bracket is not closed", "A bracket or brace is never closed, or is closed by one of another kind."),
    Code("RW0104", "error", "nested too deep", "Expressions nest at most 100 deep, brackets and signs at most 1,000, comprehensions at most 15, and a path has at most 50 steps. Take a part out into a simpler one."),
    Code("RW0105", "error", "value is missing", "A field has no value, or `when` no condition, or one of them ends with an operator that nothing follows. A condition never goes on into a line that assigns a field of the action."),
    Code("RW0106", "error", "number is out of range", "Numbers are those of JSON as JavaScript reads it: at most about 1.8e308."),
    Code("RW0107", "error", "duplicate key", "An object names a key twice, so that one of the two values would be lost."),
    Code("RW0108", "error", "placeholder in a template", "A `{{ … }}` in a text is not closed, is empty, or holds no expression. Write `\\{{` for the braces themselves."),
    Code("RW0109", "error", "said twice", "A thing that may be said once, such as `when` in a mapping, is said again."),
    Code("RW0110", "error", "half of a character", "A text holds one of the two escapes that spell a character outside the basic plane, such as `\\ud83d` alone. Nothing that holds it can be encoded, so it could never be sent."),
    # --- names
    Code("RW0201", "warning", "unknown path", "The path starts with a name, or goes on with one, that no event of the Segment spec has. Events may carry more, so it is a warning."),
    Code("RW0202", "error", "unknown field", "The action has no field of this name."),
    Code("RW0203", "error", "unknown action", "The destination has no action of this name."),
    Code("RW0204", "error", "unknown function", "The language has no function of this name."),
    Code("RW0205", "error", "wrong number of arguments", "The function takes another number of arguments."),
    Code("RW0206", "error", "unknown destination", "No destination of this name is installed."),
    Code("RW0207", "error", "unknown setting", "The destination has no setting of this name."),
    Code("RW0208", "error", "duplicate name", "Two mappings, or two tests, have the same name, so that a report could not tell them apart."),
    Code("RW0209", "error", "duplicate field", "A mapping sets a field twice."),
    Code("RW0210", "error", "no destination", "A file with mappings says `destination name` first."),
    Code("RW0211", "error", "unknown conflict policy", "`on conflict` takes fold, split or reject."),
    Code("RW0212", "error", "unknown mapping", "A test or a law expects something of a mapping that the rules do not have."),
    Code("RW0213", "warning", "path that no recorded event carries", "The rules read a path that none of the recorded events given with `--events` leads to: a wrong name, or an event that was not recorded."),
    Code("RW0214", "error", "path through a list", "A path of `drop` or `keep` names a key of a list, which has none. `[]` leads to every item: `drop properties.products[].card`."),
    # --- types
    Code("RW0301", "error", "wrong type", "The field or the function cannot take a value of this type."),
    Code("RW0302", "error", "required field is never set", "The action needs this field, and no expression fills it."),
    Code("RW0303", "error", "omit inside an expression", "`omit` leaves a whole field out; inside an expression it would have no meaning."),
    Code("RW0304", "error", "no identity", "Neither user_id nor device_id is ever set, and the destination needs one of them."),
    Code("RW0305", "error", "not one of the choices", "The field or the setting takes one of a few values, and this is none of them."),
    Code("RW0306", "error", "setting is not a plain value", "Settings are plain text, numbers, true or false; a few are lists of texts."),
    Code("RW0307", "error", "tracking plan cannot be read", "`source schema` names a tracking plan as JSON: as Segment, RudderStack, Avo or Snowplow export it, or a JSON Schema of events. This file is none of these."),
    Code("RW0308", "error", "argument that always fails", "The function or the arithmetic fails for every event with what is written out for it: a template with a tag that is not allowed, a format with an unknown part, `-\"y\"`. Or a library that the function needs is not installed."),
    Code("RW0309", "error", "field is not constant", "An action that sends nothing, such as `sessionId`, is set up once, before any event. Its fields take plain values and arithmetic on them."),
    Code("RW0310", "error", "value that always fails", "A value is written out that the action or the destination refuses for every event, such as an ID that is too short. It was run to find out."),
    Code("RW0311", "warning", "required field that these events do not fill", "The field is filled from a part that events of this type do not have by the Segment spec, so all of them fail: page and screen events have a `name` and no `event`."),
    Code("RW0312", "warning", "placeholder of another language", "A text holds `${name}` or `{name}`, or is a path in quotes, and would be sent as it is written. A placeholder is `{{name}}`; a text in a trigger has none."),
    Code("RW0313", "warning", "value written with `or`", "`or` and `and` give true or false. The first value that is there is `coalesce(a, b)`, and a value on a condition is `if(condition, value, omit)`."),
    Code("RW0314", "warning", "part of a text that these events do not fill", "A placeholder of a text reads a part that events of a type do not have by the Segment spec, so that it is always empty for them: page and screen events have a `name` and no `event`."),
    # --- triggers
    Code("RW0401", "error", "trigger is missing", "A mapping says `when …`, so that a reader sees which events it takes."),
    Code("RW0402", "warning", "negation binds to the path", "`!a = b` negates `a`, not the comparison. Write `a != b` or `!(a = b)`."),
    Code("RW0403", "warning", "two mappings send the same event", "One event meets both triggers, and both send an event for it."),
    Code("RW0404", "warning", "trigger can never be true", "No event meets this trigger, so the mapping is dead."),
    Code("RW0405", "warning", "trigger is always true", "Every event meets this trigger."),
    Code("RW0406", "warning", "mapping is behind a filter", "Every event that the mapping would take is dropped before."),
    Code("RW0407", "warning", "events that no mapping takes", "Some events of the Segment spec meet no trigger."),
    Code("RW0408", "warning", "pattern without a wildcard", "`match` with no `*`, `?` or `[` is equality. Write `=`."),
    Code("RW0409", "warning", "mapping that takes no recorded event", "None of the recorded events given with `--events` meets the trigger: a wrong name, an event that was not recorded, or a file without events."),
    Code("RW0410", "warning", "malformed pattern", "A class of the pattern is not closed, is empty, or has `-` or `]` without a backslash, or the pattern ends with a single backslash: `match` never holds."),
    Code("RW0411", "note", "question left open", "The proofs could not decide a question about the rules: it takes more work than their budget allows, or only an event can tell. What this note does not name is proved. A note does not change the exit code. Simplify the trigger, or split the mapping."),
    Code("RW0412", "warning", "value that no event has", "A condition compares with a value that no event has there, by the Segment spec or the tracking plan, such as a type of event that does not exist."),
    Code("RW0413", "warning", "pattern of another language", "`match` takes a glob, which matches a whole text: `*` is any characters, `?` is one. A regular expression or a `%` stands for itself there, and so does every wildcard where `=` or `contains` compares."),
    Code("RW0414", "warning", "value that is never true", "A text, a number or `null` stands as a condition, as in `type = \"track\" or \"page\"`, or a path that is always one. Only the value `true` counts as true, so that this part never holds. Nor does `in` of what is no list."),
    Code("RW0415", "warning", "value that no recorded event has", "A condition compares with a name that none of the recorded events given with `--events` has, or with a text that is close to one that they have: a misspelling, or an event that was not recorded."),
    # --- the destination's rules
    Code("RW0501", "error", "plain user properties beside operations", "The destination forbids plain user properties beside operations such as `$set` or `$add` in one request."),
    Code("RW0502", "warning", "plain user properties may stand beside operations", "For some events, plain user properties and operations are sent in one request, which the destination forbids."),
    Code("RW0503", "error", "too many mappings for Segment", "Segment takes at most 50 mappings for one destination, so `export` writes none of more. Rulewright runs any number."),
    Code("RW0504", "error", "secret in a file", "Keys come from the environment, never from a file that others read.", secret=True),
    Code("RW0505", "error", "unknown operation on properties", "A name that begins with `$` is an operation, and the destination does not know this one, or not in this place."),
    Code("RW0506", "error", "property in two operations", "For some event, one property is in two operations such as `$set` and `$setOnce`, which the destination refuses."),
    Code("RW0507", "warning", "recorded events that fail", "The rules were run on the events given with `--events`, and a mapping fails for some of those that it takes."),
    Code("RW0508", "warning", "field that is never sent", "The action takes the field, as Segment's does, and sends nothing of it."),
    # --- silences
    Code("RW0601", "warning", "silence without a reason", "`# allow RW0403: reason` says why a warning is no concern, for whoever reads the rules next. This one does not."),
    Code("RW0602", "warning", "silence that silences nothing", "No finding of this code is at the line, so the comment says what is not so; or it is an error, which cannot be silenced."),
    # --- tests
    Code("RW0701", "error", "test data is not plain", "The event of a test, its changes and whole requests are written as JSON: nothing is read or computed in them."),
    Code("RW0702", "error", "event file cannot be read", "A test takes its event from a file that is missing, or has no such line, or holds no JSON object there."),
    Code("RW0703", "error", "test has no event", "A test says `given …`: the event that the rules are run on. A law says `for any event`."),
    Code("RW0704", "error", "test expects nothing", "A test, a case of it, or a law demands nothing, so that it could never fail."),
    Code("RW0705", "error", "no test in a file of tests", "A file `*.test.rules` holds tests and laws alone, and tests the rules of the file beside it."),
    Code("RW0706", "error", "snapshots cannot be read", "The file beside the rules that keeps snapshots is no JSON as `rulewright test --update` writes it."),
    Code("RW0707", "error", "condition on what is never there", "A condition of a test reads a part that no request of the mapping's action has, so that it compares with nothing and may pass by that: a wrong name, JSON of an action that sends a form, a key of a list."),
    Code("RW0708", "warning", "expectation that always holds", "A test expects that a disabled mapping takes no event, or a condition of it reads nothing of the requests, so that it can never fail."),
    Code("RW0709", "warning", "law without events", "No event meets the condition of the law, so that it says nothing: a part of `where` contradicts another."),
    Code("RW0710", "error", "expectation that no law can have", "A law is tried on events that are made anew each time, so that there is nothing to keep a snapshot of."),
)  # fmt: skip

CODES: dict[str, Code] = {code.code: code for code in _ALL}
