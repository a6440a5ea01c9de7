"""Frames of plain data between the grader and a worker: a JSON header and raw buffers; no pickle, no evaluation.

A frame is two big-endian 32-bit lengths (header, body), the header (JSON, UTF-8) and the body (tensor bytes end to
end). Plain data is None, bool, int, float, str, bytes, list, tuple, dict, torch tensors and numpy arrays of them, and
references to things that stay where they are (`Handle`, `Path`, `Named`). The other side may be hostile: `decode`
raises WireError on anything that is not exactly a frame within the limits, and never anything else.
"""

from __future__ import annotations

import functools
import json
import math
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEADER_LIMIT = 1 << 16
"""Bytes of a header."""
FRAME_LIMIT = 64 << 20
"""Bytes of a frame."""
ELEMENT_LIMIT = 10_000_000
"""Elements of one tensor."""
DIMENSION_LIMIT = 8
DEPTH_LIMIT = 32
"""Nesting of lists, tuples and dictionaries."""
INTEGER_LIMIT = 1 << 64
"""Integers beyond ± this do not cross: turning huge ones into digits takes minutes."""

PREFIX = struct.Struct("!II")
_TEXT = json.JSONEncoder(separators=(",", ":"))
DTYPES = {
    "float64": 8, "float32": 4, "float16": 2, "bfloat16": 2,
    "int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1, "bool": 1,
}  # fmt: skip
"""The dtypes that may cross, with their bytes per element."""


class WireError(Exception):
    """What came, or was to be sent, is not plain data within the limits."""


@dataclass(frozen=True)
class Handle:
    """An object that stays in the worker, by its number in the present case."""

    number: int
    type: str


@dataclass(frozen=True)
class Path:
    """An attribute of an object in the worker: number 0 is the learner's module, '' the object itself."""

    number: int
    path: str = ""


@dataclass(frozen=True)
class Named:
    """A probe by name; `builtin` ones come with tutor, the others with the exercise."""

    name: str
    builtin: bool = False


def is_tensor(value: Any) -> bool:
    """Whether it is a torch tensor; asks the type, so that nothing is imported and no proxy is asked."""
    return hasattr(type(value), "detach")


@functools.cache
def _name_of(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def dtype_name(tensor: Any) -> str:
    """'float64'."""
    return _name_of(tensor.dtype)


def encode(message: Any, keep: Callable[[Any], Handle] | None = None) -> bytes:
    """The frame of a message; what is not plain data goes through `keep`. Raises WireError where there is none."""
    buffers: list[bytes] = []
    header = _TEXT.encode(_pack(message, buffers, keep, 0)).encode()
    size = sum(map(len, buffers))
    if len(header) > HEADER_LIMIT:
        raise WireError(f"the value takes {len(header)} bytes as text; at most {HEADER_LIMIT} can cross")
    if size > FRAME_LIMIT:
        raise WireError(f"the tensors take {size} bytes; at most {FRAME_LIMIT} can cross")
    return b"".join((PREFIX.pack(len(header), size), header, *buffers))


def frame_size(prefix: bytes) -> int:
    """Bytes that follow the eight of the prefix. Raises WireError beyond the limits."""
    header, body = PREFIX.unpack(prefix)
    if header > HEADER_LIMIT or body > FRAME_LIMIT:
        raise WireError("a frame larger than the limit")
    return int(header + body)


def decode(frame: bytes | bytearray | memoryview) -> Any:
    """The message of a whole frame. Raises WireError on anything else than a frame."""
    view = memoryview(frame)
    header, body = PREFIX.unpack(view[: PREFIX.size])
    start = PREFIX.size + header
    if len(view) != start + body:
        raise WireError("a frame whose lengths do not add up")
    reader = _Reader(view[start:])
    try:
        packed = json.loads(str(view[PREFIX.size : start], "utf-8"))
        message = reader.unpack(packed, 0)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, RuntimeError, OverflowError) as error:
        raise WireError(f"a frame that is not plain data: {error}") from error
    if reader.offset != body:
        raise WireError("a frame with bytes that belong to nothing")
    return message


def _pack(value: Any, buffers: list[bytes], keep: Callable[[Any], Handle] | None, depth: int) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is str or kind is float:
        return value
    if kind is int and -INTEGER_LIMIT < value < INTEGER_LIMIT:
        return value
    if depth > DEPTH_LIMIT:
        raise WireError(f"lists nested more than {DEPTH_LIMIT} deep cannot cross")
    if kind is list:
        return [_pack(each, buffers, keep, depth + 1) for each in value]
    if kind is tuple:
        return {"u": [_pack(each, buffers, keep, depth + 1) for each in value]}
    if kind is dict:
        return {"d": [_pack(each, buffers, keep, depth + 1) for pair in value.items() for each in pair]}
    if kind is bytes:
        buffers.append(value)
        return {"b": len(value)}
    if kind is Handle:
        return {"h": [value.number, value.type]}
    if kind is Path:
        return {"r": [value.number, value.path]}
    if kind is Named:
        return {"p": [value.name, value.builtin]}
    return _pack_array(value, buffers, keep)


def _pack_array(value: Any, buffers: list[bytes], keep: Callable[[Any], Handle] | None) -> Any:
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch is not None and isinstance(value, torch.Tensor):
        packed = _tensor_bytes(value, torch)
        if packed is not None:
            buffers.append(packed)
            return {"t": [dtype_name(value), list(value.shape)]}
    elif numpy is not None and isinstance(value, numpy.ndarray) and value.dtype.name in DTYPES:
        buffers.append(numpy.ascontiguousarray(value).tobytes())
        return {"n": [value.dtype.name, list(value.shape)]}
    if keep is None:
        raise WireError(f"a {type(value).__name__} is not plain data")
    handle = keep(value)
    return {"h": [handle.number, handle.type]}


def _tensor_bytes(value: Any, torch: Any) -> bytes | None:
    """The entries row-major, or None for a tensor that has none to give (sparse, meta, complex, too many)."""
    name = dtype_name(value)
    if name not in DTYPES or value.layout != torch.strided or value.device.type == "meta":
        return None
    if value.numel() > ELEMENT_LIMIT or value.dim() > DIMENSION_LIMIT:
        return None
    plain = value.detach()
    if plain.device.type != "cpu" or not plain.is_contiguous():
        plain = plain.cpu().contiguous()
    if name == "bfloat16":
        plain = plain.view(torch.int16)
    return bytes(plain.numpy().tobytes())


class _Reader:
    """Unpacks one header, taking tensor bytes from the body in order."""

    def __init__(self, body: memoryview) -> None:
        self.body, self.offset = body, 0

    def unpack(self, packed: Any, depth: int) -> Any:
        kind = type(packed)
        if kind is not dict and kind is not list:
            return packed
        if depth > 2 * DEPTH_LIMIT:
            raise ValueError("nested too deep")
        if kind is list:
            return [self.unpack(each, depth + 1) for each in packed]
        ((tag, value),) = packed.items()
        match tag:
            case "t" | "n":
                return self._array(tag, *value)
            case "u":
                return tuple([self.unpack(each, depth + 1) for each in value])
            case "d":
                parts = [self.unpack(each, depth + 1) for each in value]
                return dict(zip(parts[::2], parts[1::2], strict=True))
            case "b":
                return bytes(self._take(_whole(value)))
            case "h":
                return Handle(_whole(value[0]), str(value[1])[:200])
            case "r":
                return Path(_whole(value[0]), str(value[1]))
            case "p":
                return Named(str(value[0]), bool(value[1]))
        raise ValueError("an unknown tag")

    def _array(self, tag: str, dtype: str, shape: list[int]) -> Any:
        sizes = [_whole(each) for each in shape]
        count = math.prod(sizes)
        if len(sizes) > DIMENSION_LIMIT or count > ELEMENT_LIMIT or any(each < 0 for each in sizes):
            raise ValueError("a tensor beyond the limits")
        raw = bytearray(self._take(count * DTYPES[dtype]))  # writable, as torch asks of what it shares
        import numpy

        array = numpy.frombuffer(raw, "int16" if dtype == "bfloat16" else dtype).reshape(sizes)
        if tag == "n":
            return array
        import torch

        tensor = torch.from_numpy(array)
        return tensor.view(torch.bfloat16) if dtype == "bfloat16" else tensor

    def _take(self, size: int) -> memoryview:
        raw = self.body[self.offset : self.offset + size]
        if size < 0 or len(raw) != size:
            raise ValueError("a buffer without its bytes")
        self.offset += size
        return raw


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("not a whole number")
    return value
