"""The learner's objects as a property sees them: proxies whose every use is a request to the worker.

you.softmax(x, dim=0)       a call; plain data comes back as data, anything else as a proxy
bn.gamma                    an attribute, not yet read: pass it to `close`, call it, or `read` it
bn.training = False         sets the attribute in the worker
"""

from __future__ import annotations

from typing import Any, Protocol

from tutor import wire


class LearnerRaised(Exception):
    """The learner's code raised; `error` is what the worker told of it, unverified."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error.get('type')}: {error.get('message')}")
        self.error = error


class Connection(Protocol):
    """Where the requests of one case go."""

    def request(self, message: dict[str, Any]) -> Any:
        """The answer, decoded. Raises LearnerRaised if the learner's code raised."""

    def admit(self, function: wire.Path, value: Any) -> None:
        """Raise Mismatch if what a function answered is not what its stub promises; handles are not yet proxies."""


class Proxy:
    """An object of the learner's, or an attribute of one."""

    __slots__ = ("_connection", "_path", "_type")

    _connection: Connection
    _path: wire.Path
    _type: str

    def __init__(self, connection: Connection, path: wire.Path, type: str = "") -> None:
        object.__setattr__(self, "_connection", connection)
        object.__setattr__(self, "_path", path)
        object.__setattr__(self, "_type", type)

    def __getattr__(self, name: str) -> Proxy:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path.path}.{name}" if self._path.path else name
        return Proxy(self._connection, wire.Path(self._path.number, path))

    def __setattr__(self, name: str, value: Any) -> None:
        self._connection.request({"do": "set", "r": self._path, "name": name, "value": unwrap(value)})

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the worker."""
        return call(self._connection, self._path, args, kwargs)

    def __repr__(self) -> str:
        return f"<the learner's {self._path.path or self._type or 'module'}>"


def call(connection: Connection, function: wire.Path | wire.Named, args: Any, kwargs: Any) -> Any:
    """Call something in the worker and wrap what comes back."""
    request = {"do": "call", "f": function, "a": unwrap(tuple(args)), "k": unwrap(dict(kwargs))}
    value = connection.request(request)
    if isinstance(function, wire.Path):
        connection.admit(function, value)
    return wrap(connection, value)


def read(value: Any) -> Any:
    """The value of an attribute of a learner's object; anything else as it is."""
    if not isinstance(value, Proxy):
        return value
    return wrap(value._connection, value._connection.request({"do": "get", "r": value._path}))


def unwrap(value: Any) -> Any:
    """The value with proxies replaced by references, so that it can cross."""
    if isinstance(value, Proxy):
        return value._path
    if type(value) in (list, tuple):
        return type(value)(unwrap(each) for each in value)
    if type(value) is dict:
        return {name: unwrap(each) for name, each in value.items()}
    return value


def wrap(connection: Connection, value: Any) -> Any:
    """The answer with handles replaced by proxies."""
    if type(value) is wire.Handle:
        return Proxy(connection, wire.Path(value.number), value.type)
    if type(value) in (list, tuple):
        return type(value)(wrap(connection, each) for each in value)
    if type(value) is dict:
        return {name: wrap(connection, each) for name, each in value.items()}
    return value
