"""Lines made at random: of pieces in no order that makes sense, and by the grammar, most of which means something."""

from __future__ import annotations

from random import Random

_PIECES = (
    "0 1 2 7 10 12.5 0.1 1e9 1e-9 1e999 999999999999 1,5 1.5 1.234,5 1/2 3:45 3h 45m 1d 2.5h 85 EUR EUR/h $5 € kg m "
    "m^2 km/h °C °F K deg rad % 10% ! + - * / ^ ** × ÷ · − ( ) ( ) ; , : = == != < <= > >= to in at on of off mod div "
    "as pi e tau x y rate f f(x) max( min( sum( avg( median( round( floor( ceil( sqrt( cbrt( root( exp( ln( log( sin( "
    "cos( tan( asin( atanh( fact( ncr( npr( gcd( lcm( abs( if( percent_change( hours( estimate( count( rate( task:42 "
    'category:"Review" status:done this month last week today what 2026-01-31 2026-02-30 1 month 2 weeks 3 workdays '
    "fraction percent to h days( ² ½ ６ ı é \u202e \x00 # // \" ' { } [ ] | \\ @ _ a_b 1_000 nan inf"
)
_NUMBERS = "0 1 2 3 7 10 12.5 0.1 1e9 1e-9 0.333 100 1/2 2/3 999999999999 1e30 1e-30"
_UNITS = (
    "h min s EUR USD EUR/h kg g m cm m^2 m/s km/h °C °F K deg rad d weeks months workdays GB MiB W kWh ft kg*m/s^2 1/s"
)
_WHOLE = "pi e tau x y price today h EUR 3h@45m 3:45 1d@2h 5@ft@3@in 2026-01-31 1@year@2@months $5 €12.50"
_SIGNS = "+ - * / + - * / ^ mod div of off on as@%@of < == >="
_OF_ONE = "sqrt cbrt exp ln log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh abs fact floor ceil round"
_OF_SEVERAL = "max min sum avg median root ncr npr gcd lcm round floor ceil percent_change difference log days"

PIECES, NUMBERS, UNITS = _PIECES.split(" "), _NUMBERS.split(" "), _UNITS.split(" ")
# An @ stands for a space within one word.
WHOLE, SIGNS = _WHOLE.split(" "), _SIGNS.split(" ")
OF_ONE, OF_SEVERAL = _OF_ONE.split(" "), _OF_SEVERAL.split(" ")


def make_pieces(random: Random) -> str:
    """Return up to twelve pieces, with spaces between them or without."""
    return random.choice(("", " ")).join(random.choices(PIECES, k=random.randint(1, 12)))


def make_line(random: Random, depth: int = 3) -> str:
    """Return a line that can be read; what it means may still be refused."""
    if random.random() < 0.05:
        return f"what {random.choice('+-*/^')} {_atom(random)} = {_expression(random, depth - 1)}"
    return _expression(random, random.randint(1, depth))


def _expression(random: Random, depth: int) -> str:
    def inner() -> str:
        return _expression(random, depth - 1)

    if depth <= 0:
        return _atom(random)
    match random.choices(range(9), weights=(15, 45, 8, 5, 3, 2, 8, 7, 7))[0]:
        case 0:
            return _atom(random)
        case 1:
            return f"{inner()} {_choose(random, SIGNS)} {inner()}"
        case 2:
            return f"({inner()})"
        case 3:
            return f"-{inner()}"
        case 4:
            return f"{inner()}%"
        case 5:
            return f"{inner()}!"
        case 6:
            return f"{inner()} to {random.choice([*UNITS, 'fraction', 'percent'])}"
        case 7:
            return f"{random.choice(OF_ONE)}({inner()})"
        case _:
            arguments = "; ".join(inner() for _ in range(random.randint(1, 3)))
            return f"{random.choice(OF_SEVERAL)}({arguments})"


def _atom(random: Random) -> str:
    match random.choices(range(4), weights=(35, 30, 25, 10))[0]:
        case 0:
            return random.choice(NUMBERS)
        case 1:
            return f"{random.choice(NUMBERS)} {random.choice(UNITS)}"
        case 2:
            return _choose(random, WHOLE)
        case _:
            return f"{random.choice(NUMBERS)}%"


def _choose(random: Random, words: list[str]) -> str:
    return random.choice(words).replace("@", " ")
