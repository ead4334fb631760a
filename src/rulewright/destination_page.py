"""The page of docs/ on a destination: its settings, its limits, and every field of every action with its default."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from .catalog import catalog
from .dsl import ast
from .runtime.action import Action
from .runtime.destination import Destination
from .runtime.destinations import DESTINATIONS
from .runtime.destinations.amplitude.settings import ENVIRONMENT, Settings
from .runtime.fields.field import Field

_AMPLITUDE_HEAD = """\
# Amplitude

This page is made from the catalog: the actions in `runtime/destinations/amplitude/`, each in a file of its own, and
what `use defaults` stands for in `rules/amplitude/defaults/`. Names of fields and settings are Segment's own.
`rules/amplitude/presets.rules` has Segment's six presets.

## How it works

**User properties.** Amplitude takes plain properties or operations (`$set`, `$setOnce`, `$add`, …) in one request,
never both. `user_properties` are plain, unless they hold operations themselves, as traits with `$add` do. `setOnce`,
`setAlways`, `add`, `utm_properties` and `referrer` become operations. If an event has both, `on conflict` decides:

| | |
|---|---|
| `reject` | the mapping fails for that event; this is the default |
| `fold` | plain properties move into `$set`, which means the same; one that is also in an operation is left out |
| `split` | two requests: first an identify request with the plain properties, then the rest |

A `split` of an identify call gives its first request the insert ID `<insert_id>-plain`; otherwise Amplitude would drop
one of the two. Group properties follow the same rule.

`$setAlways` is another name for `$set`; any other unknown name that begins with `$` is refused (`unknown_operation`
[below](#limits) lists the known ones). The same operation in `user_properties` and in a field is merged. A property in
two different operations is refused (`property_in_two_operations`). If a property has two values and one of them is
sent, the other one is in `outcome.warnings` (`property_overridden`):

| the property is | what is sent |
|---|---|
| plain, and in an operation (`fold`; with `split` in `$add`) | the operation |
| in an operation in `user_properties`, and in that operation's field | the field |
| in `$set` or `$setOnce`, and a touch of the campaign or the referrer | the operation; in Identify User the touch |
| a touch, and in `setOnce` or `setAlways` (Identify User) | the field |

**Traits to increment.** Put the number into `$add`: in the traits, `"traits": {"$add": {"friendCount": 3}}`, or in the
field `add` of Log Event V2 and Identify User. A property without a value starts from 0:

```rules
mapping "Friends" -> identifyUser {
  when type = "identify"
  use defaults
  add = { friendCount: traits.friendCount }
  on conflict fold
}
```

`use defaults` also sends `traits.friendCount` as a plain property; `$add` wins, and the plain one is left out with a
warning. `user_properties = without(traits, "friendCount")` leaves it out in the first place.

**Revenue.** Log Purchase sends quantity × price, else `revenue`, else the price, which is then the price of one. A
negative revenue is a refund; zero is not sent. The revenue is on the order, or with `trackRevenuePerProduct` on the
lines, each an event "Product Purchased" with the insert ID `<insert_id>-2`, `-3`, …. Each product then needs `revenue`,
or `price` and `quantity`; the warning `no_product_revenue` names each product that has neither.

Segment's mobile libraries use the revenue as the price, and after it the total ("Log Revenue V2"):

```rules
price = coalesce(properties.price, properties.revenue, properties.total)
```

A price that is read from `revenue` or `total` is the amount of the whole purchase: it is not multiplied by the
quantity, and is sent as `revenue`. The branch that gives the value decides, event by event. A total that the rule
divides by the quantity is a price again. [Decision 11](decisions/0011-a-total-is-not-a-price.md) says how the compiler
knows.

**Times.** `time` and `session_id` take ISO 8601 text, milliseconds since 1970 as a number or as text, and Python's
`datetime`. A number that can only be seconds, microseconds or nanoseconds of this century is read as such, with a
warning (`time_in_seconds`, …). 0 and -1 mean no time and are left out with a warning (`no_time`). A session ID of -1 is
sent: it is how Amplitude writes "no session". Anything else is refused
([divergences](divergences.md#text-and-numbers-that-are-not-times)).

**Blank text.** In a field marked *not blank* (IDs, names, referrers, campaigns), text in which nothing can be seen is
no value: empty text, white space, control characters and format characters such as the zero-width space. A `coalesce`
that fills such a field passes over it, so that `device_id = coalesce(context.device.id, anonymousId)` takes the
anonymous ID where the device's ID is `""`. White space that is left out is in `outcome.warnings` (`blank_text`). Blank
types and values of `groups` are left out as well.

**Platforms.** The words `ios` and `android` in a platform are spelled `iOS` and `Android`, the first of each; a longer
word that holds them, such as `kiosk`, stays as it is.

**Groups.** Amplitude tracks groups of five types, and ten groups of one type. The first ones are sent; those beyond are
in `outcome.warnings`, as is an object or a list where the name of a group should be (`not_a_group`). Group Identify
User sends two requests: the user's association with the group, which also sets a user property by the group's type (all
that an account without the Accounts add-on gets), and the properties of the group.

**User agents** are read as Segment reads them, with `userAgentParsing = true`; client hints win over the user agent,
and fields that have a value over both. `os_version` is then the browser's version, as Segment has it.

**Sessions.** A mapping to `sessionId` says which events have sessions, by its trigger, and how long sessions are, by
its fields. `--sessions FILE` of `run` and `send`, and of a compiled module, gives each of these events the start of
its session at `integrations."Actions Amplitude".session_id`, by the event's own time; `explain` and `test` take
`--sessions` without a file, and each event is then the first of its user. An ID that the event has already is kept. An
event is of a new session when it comes `sessionLength` or more after the latest of its device (or else user). A late
event is of the session, or of the one before, that it falls into or comes near to by less than `sessionLength`; one
that falls into neither is of no session (`-1`). With `triggerSessionEvents`, a session's start and its end are events
too; the end has the old ID and the time of the last event. Events that a filter drops, or that opt out, begin no
session.

The fields are constants, or arithmetic on constants: anything else is an error (RW0309). Sessions as the Swift and
Kotlin plugins count them, in rules:

```rules
mapping "Mobile sessions" -> sessionId {
  when type = "track" or type = "screen" or type = "identify" or type = "group" or type = "alias"
  sessionLength        = 5 * 60000
  triggerSessionEvents = true
  sessionStartEvent    = "session_start"
  sessionEndEvent      = "session_end"
}
```

`--session-rules mobile` says the same on the command line, in place of these fields, and also copies the name of a
screen into its properties, as the plugins do; `--session-rules web` is 30 minutes without such events. In Python:
`Sessions` and `SessionMapper` in `rulewright.runtime.destinations.amplitude.sessions.stage`, with `WEB` and `MOBILE`.

**Opt-outs.** An event may say itself that it is not for Amplitude. Segment applies that before a destination sees the
event, and so does every command here, before filters and mappings:

| in the event | |
|---|---|
| `integrations` with `false` for `Actions Amplitude`, `Amplitude (Actions)` or `Amplitude` | opts out |
| `integrations.All` is `false`, and none of these keys is `true` or an object | opts out |
| `context.consent.categoryPreferences` without `true` for each of the `consentCategories` of the settings | opts out |
| no `integrations`, no preferences, or other values there | is mapped |

The names are spelled as they stand here. Such an event is dropped: `outcome.opted_out` says why, `run`, `send`,
`status` and the metrics count it as "opted out", and `explain` names the key. `settings { optOuts = "ignore" }` turns
all of it off; `--no-checks` and `--sessions` do not. Without `consentCategories` no consent is asked for.

**Keys.** `rulewright amplitude check-keys` asks Amplitude whether the keys are right, and `rulewright amplitude
delete-user` asks it to delete users, 100 a request and a request a second.
"""

_LIMITS = """\
What {title} does not take is repaired where one of the settings above says so: the least change that it takes is sent,
and `outcome.warnings` says what was changed, by one of these codes. Anything else is refused: a failure with the code,
the field, the rule and the value. `checks=False` (`run --no-checks`) neither repairs nor refuses, but never mixes plain
properties and operations."""


def amplitude_page() -> str:
    """docs/amplitude.md."""
    settings = []
    for name, declared in Settings.model_fields.items():
        variable = next((f"`{variable}`" for variable, key in ENVIRONMENT.items() if key == name), "")
        choices = (
            "list of texts"
            if name in DESTINATIONS["amplitude"].setting_lists
            else " or ".join(f'`"{choice}"`' for choice in get_args(declared.annotation) if isinstance(choice, str))
        )
        settings.append((name, choices or "secret, never in a file", variable, declared.description or ""))
    return destination_page(DESTINATIONS["amplitude"], settings, _AMPLITUDE_HEAD)


def destination_page(destination: Destination, settings: Iterable[tuple[str, str, str, str]], head: str) -> str:
    """The page; `settings` are key, values, variable and description of each, `head` is what no code says."""
    lines = [head.strip(), "", "## Settings", "", "| setting | values | from the environment | |", "|---|---|---|---|"]
    lines += [f"| `{name}` | {values} | {variable} | {about} |" for name, values, variable, about in settings]
    lines += ["", "## Limits", ""]
    lines += [_LIMITS.format(title=destination.title)]
    lines += ["", "| code | what holds |", "|---|---|"]
    lines += [f"| `{code}` | {sentence} |" for code, sentence in destination.limits.items()]
    for action in destination.actions.values():
        lines += _action(destination, action)
    return "\n".join(lines) + "\n"


def _action(destination: Destination, action: Action) -> Iterator[str]:
    defaults = _defaults(destination.name, action.name)
    yield from ("", f"## {action.title}", "", f"`{action.name}`. {action.description}", "")
    yield f"Default trigger: `{action.trigger}`. After: {action.source}."
    yield from ("", "| field | type | default | |", "|---|---|---|---|")
    for field in action.fields:
        yield _row(field.name, field, defaults.get(field.name))
        for inner in field.fields:
            yield _row(f"{field.name}.{inner.name}", inner, None)


def _row(path: str, field: Field, default: str | None) -> str:
    kinds = [f"list of {field.type}s" if field.multiple else field.type]
    kinds += ["**required**"] if field.required else []
    kinds += ["or null"] if field.nullable else []
    kinds += ["not blank"] if field.visible else []
    kinds += [" or ".join(f'`"{choice}"`' for choice in field.choices)] if field.choices else []
    kinds += ["other keys are dropped"] if field.fields and not field.open else []
    kinds += ["not in Segment's action"] if field.ours else []
    code = f"`{default}`" if default else ""
    cells = (f"`{path}`", ", ".join(kinds), code, f"**{field.label}.** {field.description}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _defaults(destination: str, action: str) -> dict[str, str]:
    """The text of each default, on one line."""
    written = catalog().destinations[destination].defaults(action)
    body = () if written is None else written.body
    return {one.field: re.sub(r"\s+", " ", one.value.span.text) for one in body if isinstance(one, ast.Assign)}
