"""The wire: what is sent arrives, and what is not a frame is refused with one kind of error."""

from __future__ import annotations

import json
import math
import struct

import numpy
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tutor import wire

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=4) | st.integers(-9, 9), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(PLAIN)
def test_plain_data_arrives_as_it_was(value: object) -> None:
    assert repr(wire.decode(wire.encode(value))) == repr(value)


@pytest.mark.parametrize("dtype", sorted(wire.DTYPES))
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_tensors_arrive_bit_for_bit(dtype: str, shape: tuple[int, ...]) -> None:
    sent = (torch.randn(shape) * 9).to(getattr(torch, dtype))
    found = wire.decode(wire.encode({"x": [sent]}))["x"][0]
    assert found.dtype == sent.dtype
    assert found.shape == sent.shape
    assert torch.equal(found, sent)


def test_not_a_number_and_infinity_arrive() -> None:
    sent = torch.tensor([math.nan, math.inf, -math.inf, -0.0], dtype=torch.float64)
    found = wire.decode(wire.encode(sent))
    assert numpy.array_equal(found.numpy().view("int64"), sent.numpy().view("int64"))


def test_a_view_is_sent_by_its_entries() -> None:
    sent = torch.arange(6.0).reshape(2, 3).mT
    assert torch.equal(wire.decode(wire.encode(sent)), sent)


@pytest.mark.parametrize(
    "value", [object(), {1, 2}, 1j, 2**70, torch.zeros(2, dtype=torch.complex64), torch.zeros(2, device="meta")]
)
def test_other_things_do_not_cross(value: object) -> None:
    with pytest.raises(wire.WireError):
        wire.encode(value)


def test_what_does_not_cross_can_be_kept() -> None:
    kept: list[object] = []

    def keep(value: object) -> wire.Handle:
        kept.append(value)
        return wire.Handle(7, "set")

    assert wire.decode(wire.encode([{1}], keep)) == [wire.Handle(7, "set")]
    assert kept == [{1}]


@given(st.binary(max_size=60))
def test_noise_is_refused(noise: bytes) -> None:
    frame = struct.pack("!II", len(noise), 0) + noise
    try:
        json.loads(noise)
    except ValueError:
        with pytest.raises(wire.WireError):
            wire.decode(frame)


def frame(header: object, body: bytes = b"") -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("!II", len(text), len(body)) + text + body


@pytest.mark.parametrize(
    "forged",
    [
        frame({"t": ["float64", [2]]}, b"\0" * 8),
        frame({"t": ["float64", [-1]]}),
        frame({"t": ["object", [1]]}, b"\0" * 8),
        frame({"t": ["float64", [10**9]]}),
        frame({"t": ["float64", [1] * 9]}, b"\0" * 8),
        frame({"t": ["float64", [1.5]]}, b"\0" * 8),
        frame({"t": ["float64", ["1"]]}, b"\0" * 8),
        frame({"u": 3}),
        frame({"x": 1}),
        frame({"h": ["a", "b"]}),
        frame({"u": [], "d": []}),
        frame({}),
        frame([1], b"left over"),
        frame({"d": [[[], 1]]}),
        frame({"b": -1}),
        json.dumps([1]).encode() + b"\0" * 8,
    ],
)
def test_forged_frames_are_refused(forged: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.decode(forged)


def test_deep_nesting_is_refused_and_does_not_crash() -> None:
    text = b"[" * 30_000 + b"]" * 30_000
    with pytest.raises(wire.WireError):
        wire.decode(struct.pack("!II", len(text), 0) + text)


def test_a_prefix_beyond_the_limits_is_refused() -> None:
    with pytest.raises(wire.WireError):
        wire.frame_size(struct.pack("!II", 5, wire.FRAME_LIMIT + 1))
    with pytest.raises(wire.WireError):
        wire.frame_size(struct.pack("!II", wire.HEADER_LIMIT + 1, 0))
