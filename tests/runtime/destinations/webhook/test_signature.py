"""Messages are signed as Standard Webhooks specifies."""

from __future__ import annotations

import base64

from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.destinations.webhook.signature import Signer

from .messages import SECRET


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks' own test suites."""
    signed = Signer(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200), st.integers(0, 2**40))
def test_a_signature_holds_for_its_message_alone(key: bytes, body: bytes, timestamp: int) -> None:
    signer = Signer(base64.b64encode(key).decode())
    signature = signer.sign("msg_1", timestamp, body)
    assert signer.verifies(f"v1,other {signature}", "msg_1", timestamp, body)
    assert not signer.verifies(signature, "msg_2", timestamp, body)
    assert not signer.verifies(signature, "msg_1", timestamp + 1, body)
    assert not signer.verifies(signature, "msg_1", timestamp, body + b" ")
