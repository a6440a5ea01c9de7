"""Without a list: a node is asked as soon as the last of its users has been."""

from __future__ import annotations

from exercises.micrograd.local_backward import Value as LocalValue


class Value(LocalValue):
    def backward(self) -> None:
        users: dict[int, int] = {}
        self._count(self, users)
        self.grad = 1.0
        ready = [self]
        while ready:
            node = ready.pop()
            node._backward()
            for each in node._prev:
                users[id(each)] -= 1
                if not users[id(each)]:
                    ready.append(each)

    def _count(self, node: LocalValue, users: dict[int, int]) -> None:
        for each in node._prev:
            known = id(each) in users
            users[id(each)] = users.get(id(each), 0) + 1
            if not known:
                self._count(each, users)
