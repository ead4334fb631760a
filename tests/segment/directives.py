"""Each directive of Segment, with the expression that a person would write for it."""

from __future__ import annotations

from typing import Any

READ: tuple[tuple[Any, str], ...] = (
    # paths
    ({"@path": "$.context.device.id"}, "context.device.id"),
    ({"@path": "properties.products[0]['odd key']"}, 'properties.products[0]."odd key"'),
    ({"@path": "$.integrations.Actions Amplitude.session_id"}, 'integrations."Actions Amplitude".session_id'),
    ({"@path": "a.$.b"}, "a.b"),
    ({"@path": "$."}, "$"),
    ({"@path": "$"}, "\\$"),
    # values
    (["plain {{ text }}"], '["plain \\{{ text }}"]'),
    ({"a": 1, "b": [None, True, 2.0, 1.5]}, "{ a: 1, b: [null, true, 2, 1.5] }"),
    ({"@literal": {"a": {"@path": "$.type"}}}, "{ a: type }"),
    # templates
    ({"@template": "Viewed {{name}}"}, '"Viewed {{name}}"'),
    ({"@template": "{{{ event }}}!"}, '"{{event}}!"'),
    ({"@template": "no placeholders"}, '"no placeholders"'),
    ({"@template": "{{ a.b[0] }} and {{ c"}, '"{{a.b[0]}} and \\{{ c"'),
    # conditions
    (
        {"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}, "else": {"@path": "$.b"}}},
        "coalesce(a, b)",
    ),
    (
        {"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}, "else": {
            "@if": {"exists": {"@path": "$.b"}, "then": {"@path": "$.b"}, "else": "none"}}}},
        'coalesce(a, b, "none")',
    ),
    ({"@if": {"exists": {"@path": "$.a"}, "then": {"@path": "$.a"}}}, "coalesce(a, omit)"),
    ({"@if": {"exists": {"@path": "$.a"}, "then": 1, "else": 2}}, "if(exists(a), 1, 2)"),
    ({"@if": {"blank": {"@path": "$.a"}, "then": 1, "else": 2}}, "if(blank(a), 2, 1)"),
    ({"@if": {"exists": {"@path": "$.a"}, "then": 1, "else": 0}}, "if(exists(a), 1, omit)"),
    ({"@if": {"exists": {"@path": "$.a"}, "else": None}}, "if(exists(a), omit, omit)"),
    # text
    ({"@case": {"operator": "upper", "value": {"@path": "$.a"}}}, "uppercase(a)"),
    ({"@case": {"operator": "lower", "value": ""}}, "omit"),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": " ", "replacement": "_"}}, 'replace(a, " ", "_")'),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": "x", "ignorecase": True}}, 'replace(a, "x", "", true)'),
    (
        {"@replace": {
            "value": {"@path": "$.a"}, "pattern": "x", "global": False, "pattern2": "y", "replacement2": "z"}},
        'replace(replace(a, "x", "", false, false), "y", "z", false, false)',
    ),
    ({"@liquid": "{{ event | upcase }}"}, 'liquid("\\{{ event | upcase }}", $)'),
    # arguments that Segment takes, and makes nothing of
    ({"@case": {"operator": "lower"}}, "omit"),
    ({"@case": {"operator": "title"}}, "omit"),
    ({"@json": {"mode": "ENCODE", "value": {"@path": "$.a"}}}, "omit"),
    ({"@merge": {"objects": [{"@path": "$.a"}, {"@path": "$.b"}], "direction": "LEFT"}}, "merge(a, b)"),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": "x", "pattern2": 5}}, 'replace(a, "x", "")'),
    ({"@replace": {"value": {"@path": "$.a"}, "pattern": "x", "pattern2": "y", "replacement2": 5}},
     'replace(a, "x", "")'),
    ({"@if": {"exists": {"@path": "$.a"}, "then": 1, "extra": 5}}, "if(exists(a), 1, omit)"),
    # characters that no name can hold
    ({"@path": "a\u0000b"}, '$."a\\u0000b"'),
    ({"@path": "properties.a\u0000b"}, 'properties."a\\u0000b"'),
    ({"@template": "{{a\u0000}}"}, "\"{{$.'a\\u0000'}}\""),
    ({"@path": "a\rb"}, '$."a\\rb"'),
    # lists and objects
    ({"@arrayPath": ["$.properties.products"]}, "properties.products"),
    (
        {"@arrayPath": ["$.properties.products", {"price": {"@path": "price"}, "id": {"@path": "$.productId"}}]},
        "[ { price: product.price, id: product.productId } for product in properties.products ]",
    ),
    (
        {"@arrayPath": ["$.list", {"@path": "$.price"}]},
        "[ coalesce(item.price, null) for item in list ]",
    ),
    (
        {"@arrayPath": ["$.orders", {"lines": {"@arrayPath": ["lines", {"sku": {"@path": "sku"}}]}}]},
        "[ { lines: [ { sku: line.sku } for line in order.lines ] } for order in orders ]",
    ),
    ({"@flatten": {"value": {"@path": "$.a"}, "separator": "."}}, "flatten(a)"),
    ({"@flatten": {"value": {"@path": "$.a"}, "separator": "_", "omitArrays": True}}, 'flatten(a, "_", true)'),
    ({"@json": {"mode": "encode", "value": {"@path": "$.a"}}}, "json_encode(a)"),
    ({"@json": {"mode": "decode", "value": "[1]"}}, 'json_decode("[1]")'),
    (
        {"@merge": {"objects": [{"@path": "$.a"}, {"plan": "pro"}], "direction": "right"}},
        'merge(a, { plan: "pro" })',
    ),
    ({"@merge": {"objects": [{"@path": "$.a"}, {"@path": "$.b"}], "direction": "left"}}, "merge(b, a)"),
    (
        {"@merge": {"objects": [{"@path": "$.a"}, {"plan": {"@path": "$.b"}}], "direction": "right"}},
        'merge(without(merge(a), "plan"), { plan: b })',
    ),
    (
        {"@merge": {
            "objects": [{"@path": "$.a"}, {"k": {"@case": {"operator": "upper", "value": ""}}}], "direction": "right"}},
        'without(merge(a), "k")',
    ),
    ({"@excludeWhenNull": {"@path": "$.a"}}, "compact(a)"),
    # transformations are put where they are used
    (
        {"@transform": {"apply": {"t": {"@path": "$.traits"}}, "mapping": {"@path": "$.t.plan"}}},
        "traits.plan",
    ),
    (
        {"@transform": {
            "apply": {"t": {"@merge": {"objects": [{"@path": "$.a"}], "direction": "right"}}},
            "mapping": {"x": {"@path": "$.t.plan"}, "y": {"@path": "$.nope"}, "z": {"@template": "{{t.id}}!"}}}},
        '{ x: merge(a).plan, z: "{{merge(a).id}}!" }',
    ),
    (
        {"@transform": {"apply": {"a": {"@path": "$.b"}}, "mapping": {"@liquid": "{{ a }}"}}},
        'liquid("\\{{ a }}", { a: b })',
    ),
    (
        {"__segment_internal_directive": {"@transform": {"apply": {"u": {"@path": "$.userId"}}}},
         "f": {"@path": "$.u"}},
        "{ f: userId }",
    ),
    ({"@path": "$.a", "_metadata": {"label": "A"}}, "a"),
)  # fmt: skip
