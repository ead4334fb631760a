"""The registry of diagnostic codes: a code keeps its meaning forever and is never reused.

The message of a finding is where it is reported: search for its code.
"""

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
    """The source text is never shown: the output of a check ends up in logs that others read."""


_ALL = (
    # --- files
    Code("RW0001", "error", "file cannot be read", "The file does not exist, is not a regular file, or may not be read. Check the path and its permissions."),
    Code("RW0002", "error", "file is not text", "A rule file is UTF-8 text. This file holds bytes that are not UTF-8, or a NUL byte. Save it as UTF-8."),
    Code("RW0003", "error", "file is too large", "A rule file may hold at most 16 million characters, together with all that it includes. Any other file that the rules name may hold at most 64 MB. Divide the rules among files that are compiled separately."),
    Code("RW0004", "error", "circular include", "A file includes itself, directly or through other files. Remove one of the includes."),
    Code("RW0005", "error", "no rules", "Neither the file nor any file that it includes has a mapping, so nothing can ever be sent."),
    Code("RW0006", "error", "file is out of reach", "A rule file can name other files (`include`, `given`, `source schema`). They are read only from inside the folder of the first file, after links are followed, and never from hidden files or folders, so that rules from a stranger cannot show what else is on the machine. Move the file, or name a wider folder with `--root`."),
    Code("RW0007", "error", "too many includes", "Includes nest at most 50 deep. All files together are at most 1,000, counted with repetitions, and at most 16 million characters. Include each file once."),
    Code("RW0008", "error", "not a rule file", "A file that is included, or that a link leads to, is not a rule file. Its text is not shown, because it may be a secret. Name rule files `*.rules` to see their errors in full."),
    Code("RW0009", "error", "unknown language version", "A rule file may begin with the version of the language that it is written in: `language 1`. A later version can give the same text another meaning, so Rulewright does not guess."),
    # --- syntax
    Code("RW0101", "error", "syntax error", "The text does not follow the grammar of the language. The message says what was expected."),
    Code("RW0102", "error", "text is not closed", "A quote opens a text that does not end on the same line. Close it, or write `\\n` for a line break."),
    Code("RW0103", "error", "bracket is not closed", "A bracket or brace is never closed, or is closed by one of another kind."),
    Code("RW0104", "error", "nested too deep", "Expressions nest at most 100 deep, brackets and signs at most 1,000, and comprehensions at most 15. A path has at most 50 steps. Move a part into a simpler rule."),
    Code("RW0105", "error", "value is missing", "A field has no value, `when` has no condition, or an expression ends with an operator. A condition never continues on a line that assigns a field of the action."),
    Code("RW0106", "error", "number is out of range", "Numbers are JSON numbers as JavaScript reads them: at most about 1.8e308."),
    Code("RW0107", "error", "duplicate key", "An object has the same key twice, so one of the two values would be lost."),
    Code("RW0108", "error", "malformed placeholder", "A `{{ … }}` in a text is not closed, is empty, or does not hold an expression. Write `\\{{` for the braces themselves."),
    Code("RW0109", "error", "duplicate statement", "A statement that may appear once, such as `when` in a mapping, appears again."),
    Code("RW0110", "error", "half of a character", "A text holds only one of the two escapes that together spell a character, such as `\\ud83d` alone. Such a text cannot be encoded, so it can never be sent."),
    # --- names
    Code("RW0201", "warning", "unknown path", "The path has a name that no event of the Segment spec has. Your events may carry more than the spec, so this is a warning."),
    Code("RW0202", "error", "unknown field", "The action has no field of this name."),
    Code("RW0203", "error", "unknown action", "The destination has no action of this name."),
    Code("RW0204", "error", "unknown function", "The language has no function of this name."),
    Code("RW0205", "error", "wrong number of arguments", "The function takes a different number of arguments."),
    Code("RW0206", "error", "unknown destination", "No destination of this name is installed."),
    Code("RW0207", "error", "unknown setting", "The destination has no setting of this name."),
    Code("RW0208", "error", "duplicate name", "Two mappings, or two tests, have the same name, so a report could not distinguish them."),
    Code("RW0209", "error", "duplicate field", "A mapping sets a field twice."),
    Code("RW0210", "error", "no destination", "A file with mappings begins with `destination name`."),
    Code("RW0211", "error", "unknown conflict policy", "`on conflict` takes `fold`, `split` or `reject`."),
    Code("RW0212", "error", "unknown mapping", "A test or a law names a mapping that the rules do not have."),
    Code("RW0213", "warning", "path that no recorded event carries", "The rules read a path that is in none of the recorded events given with `--events`. Either the name is wrong, or such an event was not recorded."),
    Code("RW0214", "error", "path through a list", "A path of `drop` or `keep` names a key of a list, and a list has no keys. `[]` selects every item: `drop properties.products[].card`."),
    # --- types
    Code("RW0301", "error", "wrong type", "The field or the function cannot take a value of this type."),
    Code("RW0302", "error", "required field is never set", "The action needs this field, and the mapping does not set it."),
    Code("RW0303", "error", "omit inside an expression", "`omit` leaves out a whole field. Inside an expression it has no meaning."),
    Code("RW0304", "error", "no identity", "The mapping never sets `user_id` or `device_id`, and the destination needs one of them."),
    Code("RW0305", "error", "not an accepted value", "The field or the setting takes certain values, and this value is not among them."),
    Code("RW0306", "error", "setting is not a plain value", "A setting is a plain text, number or boolean. A few settings are lists of texts."),
    Code("RW0307", "error", "tracking plan cannot be read", "`source schema` names a tracking plan in JSON: an export of Segment, RudderStack, Avo or Snowplow, or a JSON Schema of events. This file is not one of these."),
    Code("RW0308", "error", "argument that always fails", "With these literal arguments, the function or the arithmetic fails for every event: a template with a tag that is not allowed, a format with an unknown part, `-\"y\"`. Or a library that the function needs is not installed."),
    Code("RW0309", "error", "field is not constant", "An action that sends nothing, such as `sessionId`, is set up once, before any event. Its fields take plain values, and arithmetic on plain values."),
    Code("RW0310", "error", "value that always fails", "The action or the destination refuses this literal value for every event, for example an ID that is too short. The check ran the action to find out."),
    Code("RW0311", "warning", "required field that these events do not fill", "The field reads a part that events of this type do not have by the Segment spec, so all of them fail. For example, page and screen events have a `name` and no `event`."),
    Code("RW0312", "warning", "placeholder of another language", "A text holds `${name}` or `{name}`, or is a path in quotes, and would be sent as it is written. A placeholder is written `{{name}}`. A text in a trigger has no placeholders. A format of `format_time` has its parts after `%`."),
    Code("RW0313", "warning", "value written with `or`", "`or` and `and` give true or false. Write `coalesce(a, b)` for the first value that exists, and `if(condition, value, omit)` for a value under a condition."),
    Code("RW0314", "warning", "part of a text that these events do not fill", "A placeholder reads a part that events of this type do not have by the Segment spec, so it is always empty for them. For example, page and screen events have a `name` and no `event`."),
    Code("RW0315", "warning", "value that is never sent as it is written", "For every event, this literal value is changed or left out: blank text as an ID or a number, a time in seconds, a string over 1,024 characters. The check ran the action to find out."),
    Code("RW0316", "warning", "part of a tracking plan that is not read", "A part of the tracking plan has no meaning: a `$ref` that leads nowhere, to another file or back to itself, an event without a name, a type that JSON Schema does not have. The rules are not checked against this part. Only the plan itself is read: copy what it refers to into its `$defs`."),
    Code("RW0317", "warning", "ID that many events share", "The destination takes an event for a repeat, and drops it, if it has seen the same ID from the same device. This value reads nothing that differs from event to event, so events are lost. Write `messageId`, which each event has for itself."),
    # --- triggers
    Code("RW0401", "error", "trigger is missing", "Every mapping has a `when`, so that a reader sees which events it takes."),
    Code("RW0402", "warning", "negation binds to the path", "`!a = b` negates `a`, not the comparison. Write `a != b` or `!(a = b)`."),
    Code("RW0403", "warning", "two mappings send the same event", "An event can meet both triggers, and both mappings then send it."),
    Code("RW0404", "warning", "trigger can never be true", "No event can meet this trigger, so the mapping never sends anything."),
    Code("RW0405", "warning", "trigger is always true", "Every event meets this trigger."),
    Code("RW0406", "warning", "mapping is behind a filter", "A filter drops every event that the mapping would take."),
    Code("RW0407", "warning", "events that no mapping takes", "Some types of events in the Segment spec meet no trigger."),
    Code("RW0408", "warning", "pattern without a wildcard", "`match` without `*`, `?` or `[` is equality. Write `=`."),
    Code("RW0409", "warning", "mapping that takes no recorded event", "None of the recorded events given with `--events` meets the trigger. Either a name is wrong, or such an event was not recorded, or the file has no events."),
    Code("RW0410", "warning", "malformed pattern", "`match` never holds, because a character class is not closed, is empty, or has `-` or `]` without a backslash, or because the pattern ends with a single backslash."),
    Code("RW0411", "note", "question left open", "The proofs could not answer a question about the rules: it takes more work than their budget allows, or the answer depends on the event. Everything that this note does not name is proved. A note does not change the exit code. Simplify the trigger, or split the mapping."),
    Code("RW0412", "warning", "value that no event has", "A condition compares with a value that no event has there by the Segment spec or the tracking plan, such as a type of event that does not exist, or compares a text as a number: `<` and `>` hold only between numbers, and no text is equal to one."),
    Code("RW0413", "warning", "pattern of another language", "`match` takes a glob, which matches a whole text: `*` stands for any characters, `?` for one. The signs of a regular expression and `%` stand for themselves, and so does every wildcard in `=` and `contains`."),
    Code("RW0414", "warning", "value that is never true", "A text, a number or `null` is used as a condition, as in `type = \"track\" or \"page\"`, or a path that always holds one. Only the value `true` is true, so this part never holds. `in` never holds if its right side is not a list, and `contains`, `match`, `starts_with` and `ends_with` if the first argument is not a text."),
    Code("RW0415", "warning", "value that no recorded event has", "A condition compares with a name that none of the recorded events given with `--events` has, or with a text close to one that they have. Either the text is misspelled, or such an event was not recorded. Or it compares with a number where they all have a text."),
    Code("RW0416", "warning", "part that these events do not have", "The rule reads a part that events of the types that the mapping takes do not have by the Segment spec: `traits` of a track event, which has `context.traits`, or `event` of a page event, which has a `name`. The condition never holds, or the field is never set."),
    Code("RW0417", "warning", "blank at an end of a text", "The text that a condition compares with begins or ends with a blank or an invisible character, which is hard to see. It is equal only to texts that have the same."),
    Code("RW0418", "warning", "arguments in the wrong order", "`contains`, `match`, `starts_with` and `ends_with` look in their first argument for the second, and `replace`, `split` and `format_time` change their first. Here the first is a text of the rules and the second a value of the event. `coalesce` and `default` never give what comes after a value that is always there."),
    # --- the destination's rules
    Code("RW0501", "error", "plain user properties beside operations", "The destination refuses a request that has both plain user properties and operations such as `$set` or `$add`."),
    Code("RW0502", "warning", "plain user properties beside operations, for some events", "For some events, one request has both plain user properties and operations, which the destination refuses."),
    Code("RW0503", "error", "too many mappings for Segment", "Segment takes at most 50 mappings for one destination, so `export` refuses to write more. Rulewright runs any number."),
    Code("RW0504", "error", "secret in a file", "Keys come from the environment, never from a file that others can read.", secret=True),
    Code("RW0505", "error", "unknown operation on properties", "A name that begins with `$` is an operation. The destination does not know this operation, or does not take it here."),
    Code("RW0506", "error", "property in two operations", "For some event, one property is in two operations, such as `$set` and `$setOnce`, which the destination refuses."),
    Code("RW0507", "warning", "recorded events that fail", "The check ran the rules on the events given with `--events`, and a mapping failed for some of the events that it takes."),
    Code("RW0508", "warning", "field that is never sent", "The action declares the field, as Segment's action does, but never sends it."),
    Code("RW0509", "warning", "recorded events that are repaired", "The check ran the rules on the events given with `--events`, and a value was changed or left out so that the rest could be sent: a time in seconds was read as one, a text was cut, a property that the destination does not take was left out. Write the rule so that the value is right, or suppress the finding if the repair is what you want."),
    # --- suppressions
    Code("RW0601", "warning", "suppression without a reason", "`# allow RW0403: reason` says why a warning does not matter here, for the next reader of the rules. This comment has no reason."),
    Code("RW0602", "warning", "unused suppression", "No finding of this code is on the line, so the comment is wrong. An error cannot be suppressed."),
    # --- tests
    Code("RW0701", "error", "test data is not plain", "The event of a test, its changes and whole requests are written as JSON: they read and compute nothing."),
    Code("RW0702", "error", "event file cannot be read", "A test takes its event from a file that does not exist, has no such line, or has no JSON object on that line."),
    Code("RW0703", "error", "test has no event", "A test needs `given …`, the event that the rules run on. A law needs `for any event`."),
    Code("RW0704", "error", "test expects nothing", "A test, a case or a law expects nothing, so it could never fail."),
    Code("RW0705", "error", "no test in a file of tests", "A file named `*.test.rules` holds only tests and laws, for the rules of the file beside it."),
    Code("RW0706", "error", "snapshots cannot be read", "The file of snapshots beside the rules is not the JSON that `rulewright test --update` writes."),
    Code("RW0707", "error", "condition on what is never there", "A condition of a test reads a part that no request of the mapping's action has, so it compares with nothing and may pass for that reason. For example, a name is wrong, the action sends a form and not JSON, or the path names a key of a list."),
    Code("RW0708", "warning", "expectation that always holds", "A test can never fail: it expects nothing of a disabled mapping, of an event whose `type` no mapping takes, or of a value that the event does not have, or its condition reads nothing of the requests or has a part that is always true."),
    Code("RW0709", "warning", "law without events", "No event meets the `where` of the law, so the law tests nothing. Two parts of `where` contradict each other."),
    Code("RW0710", "error", "expectation that no law can have", "The events of a law are generated anew in each run, so a snapshot has nothing to compare with."),
)  # fmt: skip

CODES: dict[str, Code] = {code.code: code for code in _ALL}
