"""Rules that copy values of every kind, the plan of their mapping, and events."""

from __future__ import annotations

import json

from rulewright.compiler.plan.mapping_plan import MappingPlan
from rulewright.compiler.plan.program_plan import plan_program
from rulewright.loading.pipeline import compile_files, read
from tests.paths import ROOT

EVENTS = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()][:150]
EVERY_KIND = """destination amplitude
mapping "Every Kind" -> logEventV2 {
  when type = "track"
  event_type       = event
  user_id          = coalesce(userId, anonymousId)
  device_id        = coalesce(context.device.id, anonymousId, properties.device.id)
  city             = context.location.city
  location_lat     = context.location.latitude
  event_id         = properties.number
  event_properties = properties
  user_properties  = traits
  time             = timestamp
  session_id       = properties.session
  use_batch_endpoint = properties.batch
  library          = context.library.name
  userAgent        = context.userAgent
  userAgentParsing = false
  includeRawUserAgent = false
  setOnce          = { initial_referrer: context.page.referrer, plan: lowercase(traits.plan), kind: "x" }
  setAlways        = { referrer: context.page.referrer }
}
"""
COPIED_WHOLE = """destination amplitude
mapping "Copied Whole" -> logPurchase {
  when type = "track"
  event_type = event
  user_id    = userId
  city       = context.location.city
  price      = properties.price
  use_batch_endpoint = true
  products   = [{
    price: p.price,
    quantity: p.quantity,
    productId: coalesce(p.productId, p.product_id, p.about.id),
    name: p.name,
  } for p in properties.products]
}
"""
TEXTS = [(ROOT / "rules" / "amplitude" / "presets.rules").read_text(), EVERY_KIND, COPIED_WHOLE]


def plan_of(text: str) -> MappingPlan:
    """The plan of the only mapping of some rules."""
    (plan,) = plan_program(compile_files(read(text))).mappings
    return plan


def rows_of(text: str) -> list[tuple[str, list[str], tuple[tuple[str, ...], ...]]]:
    """The rows of the only mapping: kind, the paths of the fields, and the sources."""
    copies = plan_of(text).copies
    rows = () if copies is None else copies.rows
    return [(row.kind, [".".join(target.path) for target in row.targets], row.sources) for row in rows]
