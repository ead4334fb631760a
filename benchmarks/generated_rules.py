"""Rule files of any size, made from a number: for the curves, and for the check of many mappings."""

from __future__ import annotations

PATHS = (
    "properties.value_{0}", "context.page.path", "context.traits.plan", "properties.order.id_{0}",
    "context.device.model", "properties.items[0].sku", "context.campaign.source", "anonymousId",
)  # fmt: skip


def triggers(count: int, *, not_indexable: int = 0) -> str:
    """Rules that each take one event; one in `not_indexable` looks at no fixed value, so no index holds it."""
    lines = ["destination amplitude\n"]
    for number in range(count):
        when = f'type = "track" and event = "Event {number}"'
        if not_indexable and number % not_indexable == not_indexable - 1:
            when = f"properties.value > {1000 + number}"
        lines.append(f'mapping "Rule {number}" -> mapUser {{\n  when {when}\n  use defaults\n}}\n')
    return "\n".join(lines)


def mappings(count: int, changed: int = 0) -> str:
    """Mappings of forty fields, no two alike; `changed` changes one of them."""
    return "\n".join(["destination amplitude\n", *(_mapping(number, changed) for number in range(count))])


def _mapping(number: int, changed: int) -> str:
    fields = [
        f'event_type = "Event {number} {{{{properties.name}}}}"',
        "device_id = coalesce(context.device.id, anonymousId)",
        "insert_id = messageId",
    ]
    fields += [f"{name} = {PATHS[(number + at) % len(PATHS)].format(number)}" for at, name in enumerate(_TEXT_FIELDS)]
    properties = ", ".join(f"p{at}: properties.field_{number}_{at}" for at in range(40 - len(fields) - 1))
    fields.append(f"event_properties = {{ {properties} }}")
    if number == 0 and changed:
        fields[0] = f'event_type = "Changed {changed}"'
    body = "\n".join(f"  {field}" for field in fields)
    return (
        f'mapping "Mapping {number}" -> logEvent {{\n  when type = "track" and event = "Event {number}"\n{body}\n}}\n'
    )


_TEXT_FIELDS = (
    "user_id app_version platform os_name os_version device_brand device_manufacturer device_model carrier country "
    "region city dma language referrer library ip idfa idfv adid android_id"
).split()
