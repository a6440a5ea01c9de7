"""Making a failing case small: Hypothesis shrinks shapes and seeds, then entries are rounded while it fails."""

from __future__ import annotations

import contextlib
import time
import zlib
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.internal.conjecture import providers

from tutor.kit.declare import Property
from tutor.kit.draw import Case

CALLS = 300
"""Cases tried at most to make one smaller; what is smallest by then is shown."""


def quiet_hypothesis() -> None:
    """Make draws depend on the seed alone, and leave no files behind.

    Hypothesis also draws from the constants of local modules, which differ between a checkout and an installed tutor,
    and caches them under the working folder.
    """
    providers._get_local_constants = lambda: providers._local_constants


def draw_cases(prop: Property, most: int, number: int) -> list[Case]:
    """The cases of a property, the same for the same seed `number`."""
    drawn: list[Case] = []
    _hypothesis(prop, most, number, (Phase.generate,), drawn.append)
    return drawn


def _hypothesis(
    prop: Property, most: int, number: int, phases: tuple[Phase, ...], body: Callable[[Case], None]
) -> None:
    most = min(most, prop.cases or most)
    configure = settings(
        max_examples=most, phases=phases, database=None, deadline=None, derandomize=False,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False, print_blob=False,
    )  # fmt: skip

    def run(case: Case) -> None:
        body(case)

    test = configure(given(prop.strategy())(run))  # type: ignore[no-untyped-call]
    seed(zlib.crc32(f"{number} {prop.name}".encode()))(test)()


class _Fails(Exception):
    """This case fails like the one to be shrunk."""


def smallest(
    prop: Property, most: int, number: int, first: Case, fails: Callable[[Case], bool], calls: int, deadline: float
) -> tuple[Case, bool]:
    """The smallest case found on which `fails` holds, and whether the search was cut off by its limits.

    It starts from `first`; `fails` is asked once per case, and at most `calls` times before `deadline` (monotonic).
    """
    known = {first.key(): True}
    found = [first]
    reached = cut = False

    def body(case: Case) -> None:
        nonlocal reached, cut
        key = case.key()
        reached = reached or key == first.key()
        if key not in known:
            # Cases before the first failure have passed already; past the limits everything new passes.
            over = time.monotonic() > deadline or len(known) > calls
            cut = cut or (reached and over)
            known[key] = reached and not over and fails(case)
        if known[key]:
            found.append(case)
            raise _Fails

    with contextlib.suppress(_Fails):
        _hypothesis(prop, most, number, (Phase.generate, Phase.shrink), body)
    return _rounded(found[-1], fails), cut


def _rounded(case: Case, fails: Callable[[Case], bool]) -> Case:
    """The case with the fewest decimals that still fails."""
    for digits in (0, 1, 2):
        simpler = case.rounded(digits)
        if fails(simpler):
            return simpler
    return case
