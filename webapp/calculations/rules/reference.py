"""
What the reference says that no table of the engine does: topics, what each refusal means, and where we differ.

Examples are pairs of what is typed and what is answered, in the number format `1234.5`; the tests work each out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from webapp.calculations.engine.errors import Code

Pairs = tuple[tuple[str, str], ...]


class Topic(NamedTuple):
    """One subject. `anchor` names it in the page's address."""

    anchor: str
    title: str
    words: str
    entries: tuple[Note, ...]


class Note(NamedTuple):
    """One thing to know, and examples of it."""

    name: str
    words: str
    examples: Pairs = ()


TOPICS: tuple[Topic, ...] = (
    Topic(
        "numbers",
        "Numbers",
        "Numbers are exact fractions, never binary approximations.",
        (
            Note(
                "Exact",
                "A result that can be exact is: thirds add up to one. What has no end is cut after 15 digits and "
                "followed by …; all digits and the fraction are one press away.",
                (("1/3 * 3", "1"), ("0.1 + 0.2", "0.3"), ("2/3", "0.666666666666666…")),
            ),
            Note(
                "Not exact",
                "A root, a sine or a logarithm that has no end is worked out to 34 digits and shown with ≈.",
                (("sqrt(16)", "4"), ("sqrt(2)", "≈ 1.4142135623731")),
            ),
            Note(
                "How they are typed",
                "As your account says; signs between thousands are read back. What could be meant in two ways is "
                "refused with both. Powers of ten: 1.5e3.",
                (("1.5e3", "1500"), (".5 + 2", "2.5")),
            ),
        ),
    ),
    Topic(
        "percent",
        "Percent",
        "% is always percent; what a division leaves over is mod.",
        (
            Note(
                "On top and off",
                "Added to or taken from something else, a percentage is of what stands before it. Two percentages add "
                "up as they are.",
                (
                    ("200 + 10%", "220"),
                    ("200 - 10%", "180"),
                    ("200 + 10% + 10%", "242"),
                    ("10% + 20%", "30%"),
                    ("50 EUR + 19%", "59.50 EUR"),
                ),
            ),
            Note(
                "Of, off, on",
                "In words.",
                (("10% of 200", "20"), ("10% off 200", "180"), ("10% on 200", "220")),
            ),
            Note("Shares", "What percentage one is of another.", (("20 as % of 80", "25%"),)),
            Note(
                "Backwards",
                "“what” stands for what you want to know.",
                (("what + 10% = 220", "200"), ("what + 19% = 1190 EUR", "1000.00 EUR")),
            ),
        ),
    ),
    Topic(
        "time",
        "Time",
        "A length of time is one number: 3h 45m, 3:45, 1d 2h. A day has 24 h, a week 7 d, a month a twelfth of a "
        "year of 365.2425 d.",
        (
            Note(
                "Reckoning with time",
                "Times add up, and multiply with rates.",
                (
                    ("3h 45m + 50 min", "4 h 35 min"),
                    ("3h 45m * 85 EUR/h", "318.75 EUR"),
                    ("3:45 * 4", "15 h"),
                    ("100 EUR / 5 EUR/h", "20 h"),
                ),
            ),
            Note("Decimal hours", "“to h” gives hours with decimals.", (("3h 45m to h", "3.75 h"),)),
        ),
    ),
    Topic(
        "money",
        "Money",
        "Amounts carry a currency code after them, or its sign before. They are rounded to the cent when they are "
        "shown, half to even, once, at the end; what was exact stays so inside.",
        (
            Note(
                "Amounts",
                "Also per hour, per month, per kilogram.",
                (("3 * 19.90 EUR", "59.70 EUR"), ("$5 + 5 USD", "10.00 USD"), ("318.75 EUR + 19%", "379.31 EUR")),
            ),
            Note(
                "Rates of exchange",
                "Nothing is converted without a rate that you enter, with its day. It is kept with the answer.",
                (("100 EUR to USD at 1.08 on 2026-11-20", "108.00 USD"),),
            ),
        ),
    ),
    Topic(
        "dates",
        "Dates",
        "Days are written as 2026-01-31; today is yours.",
        (
            Note(
                "Adding",
                "Months and years are those of the calendar; where a month is too short its last day is taken, and a "
                "note says so.",
                (
                    ("2026-01-31 + 1 month", "2026-02-28"),
                    ("2026-11-20 + 2 weeks", "2026-12-04"),
                    ("2026-11-20 + 5 workdays", "2026-11-27"),
                ),
            ),
            Note(
                "Between",
                "The difference of two days is in days; workdays are Monday to Friday.",
                (("2026-12-24 - 2026-11-20", "34 d"), ("workdays(2026-11-20; 2026-12-24)", "24 workdays")),
            ),
        ),
    ),
    Topic(
        "names",
        "Names and functions of your own",
        "What you press Keep on is kept for you alone, until you remove it. A name that is a unit or a function is "
        "refused.",
        (
            Note("Names", "Letters, digits and _.", (("rate = 85 EUR/h", "85.00 EUR/h"),)),
            Note("Functions", "What stands on the right may use what stands in the brackets, and not itself."),
        ),
    ),
    Topic(
        "comparing",
        "Comparing and choosing",
        "",
        (
            Note(
                "Comparing",
                "== != < <= > >= between things of one kind.",
                (("1 km > 900 m", "true"), ("0.1 + 0.2 == 0.3", "true")),
            ),
            Note("Choosing", "Only the branch that is taken is worked out.", (("if(2 > 1; 10; 1/0)", "10"),)),
        ),
    ),
)

# How tightly things hold, from the tightest.
PRECEDENCE: tuple[tuple[str, str], ...] = (
    ("( )  f(x)", "Brackets and calls"),
    ("!  %", "After a number: factorial, percent"),
    ("5 m^2", "A number and its unit: 5 m^2 is an area, 1/2 m is half a metre"),
    ("^", "Power, from the right: 2^3^2 is 2^9; its right side may begin with a sign"),
    ("−x", "Minus: −2^2 is −4"),
    ("*  /  mod  div", "From the left. A product without a sign holds as tightly: 2 pi, 3(4 + 5)"),
    ("+  −", "From the left"),
    ("to  in", "Into other units"),
    ("==  <  >", "Comparing"),
    ("=", "Naming"),
)

# What each refusal means, and an example that is refused so (none where it takes more than a line).
REFUSALS: Mapping[Code, tuple[str, str | None]] = {
    Code.EMPTY: ("There is nothing to work out.", None),
    Code.TOO_LONG: ("The line is too long.", None),
    Code.TOO_DEEP: ("Too many brackets stand within each other.", None),
    Code.CHARACTER: ("A character has no meaning here, or cannot be seen.", "2 § 3"),
    Code.NUMBER: ("This is not how a number is written, or it is too long.", None),
    Code.AMBIGUOUS_NUMBER: ("A number could be meant in two ways.", "1.2.3"),
    Code.DATE: ("There is no such day.", "2026-02-30"),
    Code.SYNTAX: ("This is not how it is written.", "2 = 3"),
    Code.UNCLOSED: ("A bracket is not closed, or was never opened.", "(1 + 2"),
    Code.MISSING_OPERAND: ("Something is missing beside a sign.", "3 *"),
    Code.MISSING_SIGN: ("Two things stand beside each other without a sign.", "2 3"),
    Code.AMBIGUOUS_PRODUCT: ("A product without a sign could be meant in two ways.", "6/2(1+2)"),
    Code.UNKNOWN_NAME: ("Nothing is called so.", "sqr(4)"),
    Code.UNKNOWN_UNIT: ("No unit is called so.", "5 km to furlnogs"),
    Code.UNKNOWN_OPERATION: ("No operation is called so (in forms and files).", None),
    Code.NAME_TAKEN: ("A name is a unit, a function or a constant already.", "pi = 3"),
    Code.DIVISION_BY_ZERO: ("Nothing can be divided by zero.", "1/0"),
    Code.UNIT_MISMATCH: ("Things of different kinds were put together.", "5 EUR + 3 kg"),
    Code.NO_RATE: ("Money is converted only at a rate that you enter.", "100 EUR to USD"),
    Code.ARGUMENTS: ("A function takes another number of values.", "sqrt(1; 2)"),
    Code.OUT_OF_DOMAIN: ("The function has no answer there.", "sqrt(-4)"),
    Code.NOT_WHOLE: ("A whole number is needed.", "fact(2.5)"),
    Code.WRONG_KIND: ("A number, a day or a truth stands where another is needed.", "2026-11-20 * 2"),
    Code.RECURSION: ("A function uses itself.", None),
    Code.NO_SOLUTION: ("No number makes both sides the same, or every number does.", "what * 0 = 5"),
    Code.SOURCE: ("The work has no such figure, or you may not see it.", "hours(tusk:42)"),
    Code.NO_LINES: ("A worksheet has no lines above to add up.", None),
    Code.LINE: ("A line of the worksheet that this one needs has no answer.", None),
    Code.TOO_MANY_NAMES: ("You keep as many names as there may be.", None),
    Code.TOO_LARGE: ("The result would be too large.", "9^9^9^9"),
    Code.TOO_MANY_STEPS: ("It would take too many steps.", None),
    Code.TOO_SLOW: ("It would take too long.", None),
}

DIFFERENCES: tuple[Note, ...] = (
    Note(
        "−2^2 is −4",
        "A power holds more tightly than the minus before it, as in mathematics and most languages. Spreadsheets say "
        "4.",
        (("-2^2", "-4"), ("(-2)^2", "4")),
    ),
    Note(
        "2^3^2 is 512",
        "Powers are read from the right, as they are written on paper. Some spreadsheets read them from the left: 64.",
        (("2^3^2", "512"), ("(2^3)^2", "64")),
    ),
    Note(
        "-7 mod 3 is 2",
        "What is left over has the sign of the divisor, as in mathematics. Some pocket calculators and languages say "
        "−1.",
        (("-7 mod 3", "2"), ("7 mod -3", "-2")),
    ),
    Note(
        "% is never the remainder",
        "In math.js, bc and most languages 8 % 3 is 2. Here % is percent, and what could be meant in two ways is "
        "refused: write mod.",
        (("8 mod 3", "2"), ("8% of 3", "0.24")),
    ),
    Note(
        "200 + 10% + 10% is 242",
        "A percentage is of what stands before it, one after the other, as with discounts and taxes. SpeedCrunch and "
        "Numbat add 0.1; for that, write 200 + 0.1.",
        (("200 + 10% + 10%", "242"), ("10% + 20%", "30%")),
    ),
    Note(
        "6/2(1+2) is refused",
        "Calculators disagree, and one changed its mind between versions: some say 9, some 1. Write the sign or the "
        "brackets that you mean. The same goes for 1/2x and 2^3x.",
        (("6/2*(1+2)", "9"), ("6/(2*(1+2))", "1")),
    ),
    Note(
        "1/2 m is half a metre",
        "Two whole numbers written close together are a fraction of the unit that follows. Numbat reads 10 / 2 m as 10 "
        "divided by two metres; here that is refused, as others mean five metres. An amount divided by an amount is "
        "what it says.",
        (("1/2 m + 1 m", "1.5 m"), ("(10/2) m", "5 m"), ("100 EUR / 5 EUR/h", "20 h")),
    ),
    Note(
        "1,000 is what your account says",
        "fend takes commas out of numbers. Here a comma is part of one only where your number format has it, and "
        "1,5 is refused for somebody who writes 1,234.5. Underscores and 0x are no part of a number.",
    ),
    Note(
        "2026-11-20 is a day",
        "Without spaces it is not a subtraction. A month added to a day is a month of the calendar; Numbat adds a "
        "twelfth of a year.",
        (("2026-01-31 + 1 month", "2026-02-28"), ("2026 - 11 - 20", "1995")),
    ),
    Note(
        "1 < x < 5 is refused",
        "math.js reads it as both at once, most languages as something else. Two values are compared at a time.",
    ),
    Note(
        "3!! is refused",
        "Mathematics has a double factorial, 3 · 1; many calculators take the factorial twice. Write brackets.",
        (("(3!)!", "720"),),
    ),
    Note(
        "Words for signs are not guessed",
        "Numi and Soulver read 8 times 9. Here a word beside a number is a unit or a name, and the sign to write is "
        "offered.",
        (("8 * 9", "72"),),
    ),
    Note(
        "10% + 200 is 200.1",
        "A percentage that stands first has nothing before it to be of: it is a tenth. Write 200 + 10% for 220.",
        (("10% + 200", "200.1"), ("200 + 10%", "220")),
    ),
    Note(
        "m is a metre, min a minute",
        "In 3h 45m the hours before it say that minutes are meant. Alone 45m is a length, as everywhere in science.",
        (("3h 45m", "3 h 45 min"), ("45m", "45 m"), ("45 min", "45 min")),
    ),
    Note(
        "1 kB is 1000 bytes",
        "As the standards say; 1024 are a KiB. Some calculators take both for 1024.",
        (("1 kB to B", "1000 B"), ("1 KiB to B", "1024 B")),
    ),
    Note(
        "round(2.5) is 3",
        "Halves go away from zero, as in school. Money is rounded half to even, as banks do, when it is shown.",
        (("round(2.5)", "3"), ("round(-2.5)", "-3"), ("0.125 EUR", "0.12 EUR")),
    ),
    Note(
        "0^0 is 1",
        "As in algebra and most languages; some calculators refuse it.",
        (("0^0", "1"),),
    ),
    Note(
        "0.1 + 0.2 is 0.3",
        "Calculators that work in binary are off by a little. Numbers here are fractions.",
        (("0.1 + 0.2 - 0.3", "0"),),
    ),
    Note(
        "Money does not change by itself",
        "Others fetch a rate of today. A price must be worked out again in a year and come to the same, so the rate is "
        "yours, and kept with its day.",
    ),
    Note(
        "Nothing is repaired in silence",
        "1 + * 2, 1/0 and 5 EUR + 3 kg have answers elsewhere. Here they are refused, with the place and a repair.",
    ),
)
