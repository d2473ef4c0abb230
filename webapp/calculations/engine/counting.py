"""Whole numbers: in how many ways things can be ordered and chosen, and what divides them. Judged before worked out."""

from __future__ import annotations

import math
from collections.abc import Sequence

from webapp.calculations.engine import numerics
from webapp.calculations.engine.arguments import exact_as, refuse, whole_at
from webapp.calculations.engine.errors import Code
from webapp.calculations.engine.limits import FACTORIAL, MAGNITUDE
from webapp.calculations.engine.settings import Settings
from webapp.calculations.engine.values import Value

# The natural logarithm of a number that is too large.
_MOST_LOGARITHM = (MAGNITUDE + 1) * math.log(10)
_MOST_BITS = math.ceil((MAGNITUDE + 1) * math.log2(10))
# Up to here the logarithm of a factorial is right to more digits than are needed to judge by it.
_LOGARITHMIC_GAMMA = 10**9


def factorial(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return 1 × 2 × … × n."""
    number = whole_at(arguments, 0, "A factorial")
    if number < 0:
        raise refuse(
            Code.OUT_OF_DOMAIN, "A factorial is of a whole number that is 0 or more.", 0, "Use a number of 0 or more."
        )
    if number > FACTORIAL:
        raise refuse(
            Code.TOO_LARGE,
            f"The factorial of so large a number is too large: the largest is that of {FACTORIAL}.",
            0,
            f"Use a number of at most {FACTORIAL}.",
        )
    return exact_as(math.factorial(number), arguments)


def combinations(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return in how many ways k of n things can be chosen, in no order."""
    total, chosen = _counts(arguments, "ncr")
    if chosen > total:
        return exact_as(0, arguments)
    chosen = min(chosen, total - chosen)
    _refuse_too_many(chosen)
    # Judged by its logarithm before anything is worked out; it is at least (total ÷ chosen) ^ chosen.
    if total < _LOGARITHMIC_GAMMA:
        logarithm = math.lgamma(total + 1) - math.lgamma(chosen + 1) - math.lgamma(total - chosen + 1)
    else:
        logarithm = chosen * (math.log(total) - math.log(chosen or 1))
    if logarithm > _MOST_LOGARITHM:
        raise numerics.too_large()
    return exact_as(math.comb(total, chosen), arguments)


def permutations(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return in how many ways k of n things can be chosen one after the other."""
    total, chosen = _counts(arguments, "npr")
    if chosen > total:
        return exact_as(0, arguments)
    _refuse_too_many(chosen)
    # Half of the factors are at least half of the total.
    if chosen // 2 * math.log(total // 2 or 1) > _MOST_LOGARITHM:
        raise numerics.too_large()
    return exact_as(math.perm(total, chosen), arguments)


def _refuse_too_many(chosen: int) -> None:
    # Each thing that is chosen doubles the ways at least.
    if chosen > _MOST_LOGARITHM / math.log(2):
        raise numerics.too_large()


def _counts(arguments: Sequence[Value], name: str) -> tuple[int, int]:
    total, chosen = whole_at(arguments, 0, name), whole_at(arguments, 1, name)
    for place, number in enumerate((total, chosen)):
        if number < 0:
            raise refuse(
                Code.OUT_OF_DOMAIN, f"{name} takes whole numbers of 0 or more.", place, "Use a number of 0 or more."
            )
    return total, chosen


def greatest_divisor(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the greatest whole number that divides all of them."""
    return exact_as(math.gcd(*(whole_at(arguments, place, "gcd") for place in range(len(arguments)))), arguments)


def least_multiple(arguments: Sequence[Value], settings: Settings) -> Value:
    """Return the least whole number that all of them divide."""
    numbers = [whole_at(arguments, place, "lcm") for place in range(len(arguments))]
    multiple = 1
    for number in numbers if all(numbers) else [0]:
        multiple = math.lcm(multiple, number)
        # It only grows: what is too large already is not multiplied on.
        if multiple.bit_length() > _MOST_BITS:
            raise numerics.too_large()
    return exact_as(multiple, arguments)
