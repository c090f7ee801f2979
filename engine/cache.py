"""What was worked out before: one cache, and one rule of what it is looked up by.

What follows from a table, or from compiled rules, is cached on that object and goes when it goes:
no two of them share. What follows from values alone is cached by those values, such as a digest.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock, RLock
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

OF_AN_OBJECT = 256
"""Values that are cached for a table or for compiled rules."""

_MISSING, _NAMED = object(), object()


class Cache:
    """Values by a key that fixes them; of more than ``most`` the least recently used are dropped.

    Threads may share one. A copy for another process starts empty.
    """

    def __init__(self, most: int = OF_AN_OBJECT) -> None:
        self._most, self._few = most, most // 2
        self._values: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, RLock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return the value under ``key``, made of the arguments now where it is not cached."""
        value = self._values.get(key, _MISSING)
        if value is _MISSING:
            # Two threads may make the same value at once, and neither waits for the other.
            value = make(*arguments, **named)
            self._keep(key, value)
        elif len(self._values) > self._few:
            # As long as much is free it does not matter which was used last.
            self._keep(key, value)
        return value  # type: ignore[return-value]  # under a key is what its maker returned

    def once(self, key: Hashable, make: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Return what ``get`` does; other threads wait for a value that takes long to make."""
        with self._lock:
            making = self._making.setdefault(key, RLock())
        with making:
            return self.get(key, make, *arguments, **named)

    def _keep(self, key: Hashable, value: object) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                dropped, _ = self._values.popitem(last=False)
                self._making.pop(dropped, None)

    def __len__(self) -> int:
        """Return how many values are cached."""
        return len(self._values)

    def __reduce__(self) -> tuple[type["Cache"], tuple[int]]:
        """Return an empty cache of the same size for another process."""
        return Cache, (self._most,)

    def __repr__(self) -> str:
        """Return how many values are cached."""
        return f"<Cache of {len(self)}>"


class Cached(Generic[P, T]):
    """A function whose answers are cached by its arguments, which are values and no tables."""

    def __init__(self, function: Callable[P, T], most: int) -> None:
        self._function, self.answers = function, Cache(most)
        update_wrapper(self, function)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> T:
        """Return the function's answer."""
        key = (*arguments, _NAMED, *named.items()) if named else arguments
        return self.answers.get(key, self._function, *arguments, **named)


def cached(most: int) -> Callable[[Callable[P, T]], Cached[P, T]]:
    """Return a decorator that caches a function's answers, so many of them."""
    return lambda function: Cached(function, most)
