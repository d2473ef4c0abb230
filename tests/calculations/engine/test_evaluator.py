"""What lines come to: precedence, percentages, units, money, days, names and functions; what is refused; the limits."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from webapp.calculations.engine import CalculationError, Code, Function, Rate, Settings, evaluate
from webapp.calculations.engine.budget import Budget
from webapp.calculations.engine.evaluator import Named
from webapp.calculations.engine.limits import NODES
from webapp.calculations.engine.values import Quantity

TODAY = Settings(today=date(2026, 11, 20))


def refused(text: str, *, names: dict[str, Named] | None = None, settings: Settings | None = None) -> CalculationError:
    with pytest.raises(CalculationError) as refusal:
        evaluate(text, names=names, settings=settings)
    return refusal.value


def function(text: str, names: dict[str, Named] | None = None) -> Function:
    defined = evaluate(text, names=names).function
    assert defined is not None
    return defined


@pytest.mark.parametrize(
    "text, answer",
    [
        # Precedence
        ("1 + 2 * 3", "7"),
        ("-2^2", "-4"),
        ("(-2)^2", "4"),
        ("2^-3", "0.125"),
        ("2^3^2", "512"),
        ("-3 mod 5", "2"),
        ("2 * -3", "-6"),
        ("--3", "3"),
        ("10 - 4 - 3", "3"),
        ("100 / 10 / 5", "2"),
        ("2 + 3 to percent", "500%"),
        ("1 + 1 < 3", "true"),
        # Time in hours and minutes stays so, whatever stands first
        ("8h + 1h 30m", "9 h 30 min"),
        ("8h - 1h 15m", "6 h 45 min"),
        ("90 min + 1:15", "2 h 45 min"),
        ("avg(3h; 4h 30m)", "3 h 45 min"),
        ("8 h + 30 min", "8.5 h"),
        # Exact
        ("1/3*3", "1"),
        ("0.1 + 0.2", "0.3"),
        ("1/3 + 1/6", "0.5"),
        ("1e-999 * 1e999", "1"),
        ("0^0", "1"),
        ("0^5", "0"),
        ("4^0.5", "2"),
        ("(-8)^(1/3)", "-2"),
        ("(4/9)^-1.5", "3.375"),
        ("2^0.5 * 0", "0"),
        # Percentages
        ("200 + 10%", "220"),
        ("200 - 10%", "180"),
        ("10% + 20%", "30%"),
        ("200 + 10% + 10%", "242"),
        ("200 + (10% + 10%)", "240"),
        ("10% + 200", "200.1"),
        ("10% - 1", "-0.9"),
        ("10% * 200", "20"),
        ("200 * 10%", "20"),
        ("10% * 10%", "1%"),
        ("50% / 10%", "5"),
        ("200 / 10%", "2000"),
        ("5 EUR + 19%", "5.95 EUR"),
        ("10% of 200", "20"),
        ("10% off 200", "180"),
        ("10% on 200", "220"),
        ("10% of 50%", "5%"),
        ("20 as % of 80", "25%"),
        ("0.25 to percent", "25%"),
        ("-10%", "-10%"),
        ("10%^2", "1%"),
        ("25% to fraction", "1/4"),
        # Units, money, time
        ("3h 45m * 85 EUR/h", "318.75 EUR"),
        ("3h 45m * 85 EUR/h + 19%", "379.31 EUR"),
        ("100 EUR / 5 EUR/h", "20 h"),
        ("3h 45m + 1.25 h", "5 h"),
        ("5 m^2", "5 m^2"),
        ("(5 m)^2", "25 m^2"),
        ("(9 m^2)^0.5", "3 m"),
        ("-(3 kg)", "-3 kg"),
        ("6 m / 2 m", "3"),
        ("-20 °C to °F", "-4 °F"),
        ("difference(20 °C; 30 °C)", "10 K"),
        # Days
        ("2026-01-31 + 1 month", "2026-02-28"),
        ("1 month + 2026-01-31", "2026-02-28"),
        ("2026-03-31 - 1 month", "2026-02-28"),
        ("2026-03-01 - 2026-02-01", "28 d"),
        ("2026-01-01 < 2026-01-02", "true"),
        # Comparisons and choice
        ("1/3 == 2/6", "true"),
        ("1 != 1", "false"),
        ("1 km >= 1000 m", "true"),
        ("50% == 0.5", "true"),
        ("(1 < 2) == (3 < 2)", "false"),
        ("if(2 > 1; 10; 20)", "10"),
        ("if(2 < 1; 10; 20)", "20"),
        ("if(2 > 1; 1; 1/0)", "1"),
        # Constants
        ("pi * 0", "0"),
        ("tau / pi", "≈ 2"),
    ],
)
def test_lines_come_to(text: str, answer: str) -> None:
    assert evaluate(text).text == answer


@pytest.mark.parametrize(
    "text, code, place",
    [
        ("1 / 0", Code.DIVISION_BY_ZERO, "/"),
        ("5 + 1/(1-1)", Code.DIVISION_BY_ZERO, "/"),
        ("5 mod 0", Code.DIVISION_BY_ZERO, "mod"),
        ("5 div (2-2)", Code.DIVISION_BY_ZERO, "div"),
        ("0^-1", Code.DIVISION_BY_ZERO, "^"),
        ("1 as % of 0", Code.DIVISION_BY_ZERO, "as % of"),
        ("0% / 0%", Code.DIVISION_BY_ZERO, "/"),
        ("1 / (sqrt(2) - sqrt(2))", Code.DIVISION_BY_ZERO, "/"),
        ("percent_change(0; 5)", Code.DIVISION_BY_ZERO, "percent_change"),
        ("root(5; 0)", Code.OUT_OF_DOMAIN, "root"),
        ("root(5; 1.5)", Code.OUT_OF_DOMAIN, "root"),
        ("root(-4; 2)", Code.OUT_OF_DOMAIN, "root"),
        ("1 + (-4)^0.5", Code.OUT_OF_DOMAIN, "^"),
        ("5 EUR + 3 kg", Code.UNIT_MISMATCH, "+"),
        ("5 EUR == 3 kg", Code.UNIT_MISMATCH, "=="),
        ("2 ^ (3 m)", Code.UNIT_MISMATCH, "^"),
        ("17 m mod 5 s", Code.UNIT_MISMATCH, "mod"),
        ("100 EUR to kg", Code.UNIT_MISMATCH, "to"),
        ("5 EUR to percent", Code.UNIT_MISMATCH, "to"),
        ("10% of 20 °C", Code.UNIT_MISMATCH, "of"),
        ("10% on 20 °C", Code.UNIT_MISMATCH, "on"),
        ("30 °C as % of 20 °C", Code.UNIT_MISMATCH, "as % of"),
        ("percent_change(20 °C; 30 °C)", Code.UNIT_MISMATCH, "percent_change"),
        ("20 °C mod 3 °C", Code.UNIT_MISMATCH, "mod"),
        ("100 EUR to USD", Code.NO_RATE, "to"),
        ("10 of 200", Code.WRONG_KIND, "of"),
        ("(1 < 2) + 1", Code.WRONG_KIND, "+"),
        ("2026-01-01 * 2", Code.WRONG_KIND, "*"),
        ("2026-01-01 + 2026-01-01", Code.WRONG_KIND, "+"),
        ("5 - 2026-01-01", Code.WRONG_KIND, "-"),
        ("2026-01-01 < 5", Code.WRONG_KIND, "<"),
        ("2026-01-01 to m", Code.WRONG_KIND, "to"),
        ("-(1 < 2)", Code.WRONG_KIND, "-(1 < 2)"),
        ("(3 kg)%", Code.WRONG_KIND, "(3 kg)%"),
        ("if(1; 2; 3)", Code.WRONG_KIND, "1"),
        ("if(1 < 2; 2)", Code.ARGUMENTS, "if(1 < 2; 2)"),
        ("root(4)", Code.ARGUMENTS, "root(4)"),
        ("sqrt", Code.WRONG_KIND, "sqrt"),
        ("1 + nowhere", Code.UNKNOWN_NAME, "nowhere"),
        ("1 + nowhere(2)", Code.UNKNOWN_NAME, "nowhere"),
        ("1 + today", Code.UNKNOWN_NAME, "today"),
        ("2 * hours(task:42)", Code.SOURCE, "hours(task:42)"),
        ("9^9^9", Code.TOO_LARGE, "^"),
        ("((9^9)^9999)^9999", Code.TOO_LARGE, "^"),
        ("1e999^999", Code.TOO_LARGE, "^"),
        ("1e-999^999", Code.TOO_LARGE, "^"),
        ("2 EUR ^ 100", Code.NOT_WHOLE, None),
        ("(2 EUR)^100", Code.TOO_LARGE, "^"),
    ],
)
def test_refusals_say_what_and_where(text: str, code: Code, place: str | None) -> None:
    error = refused(text)

    assert error.code == code
    assert error.position is not None
    if place is not None:
        assert text[error.position : error.end] == place
    assert error.message.endswith(".")


@pytest.mark.parametrize("text", ["1 / 0", "0^-1", "10 of 200", "(1<2) + 1", "1 + nowhere", "9^9^9", "5 mod 0", "f"])
def test_refusals_name_a_repair(text: str) -> None:
    assert refused(text, names={"f": function("f(x) = x")}).hint


def test_what_is_zero_is_named() -> None:
    assert "“(3-1-2)” is 0" in refused("1/(3-1-2)").message
    assert "“x” is 0" in refused("1/x", names={"x": 0}).message


# --- Properties ---


@st.composite
def expressions(draw: st.DrawFn, depth: int = 4) -> tuple[str, Fraction]:
    """Draw the text of an expression of whole numbers and decimals, and what Python's fractions make of it."""
    if depth == 0 or draw(st.booleans()):
        whole, decimals = draw(st.integers(0, 999)), draw(st.integers(0, 99))
        return draw(
            st.sampled_from(
                [(str(whole), Fraction(whole)), (f"{whole}.{decimals:02}", Fraction(whole) + Fraction(decimals, 100))]
            )
        )
    (one, left), (other, right) = draw(expressions(depth - 1)), draw(expressions(depth - 1))
    sign = draw(st.sampled_from(["+", "-", "*", "/", "mod", "div", "^"]))
    if sign == "^":
        exponent = draw(st.integers(-3, 4))
        assume(left or exponent >= 0)
        return f"({one}) ^ {exponent}", Fraction(left**exponent)
    assume(right or sign in "+-*")
    value = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "mod": lambda: left % right,
        "div": lambda: Fraction(left // right),
    }[sign]()
    return f"({one}) {sign} ({other})", value


@given(expressions())
def test_any_expression_is_worth_what_fractions_say(expression: tuple[str, Fraction]) -> None:
    text, value = expression
    result = evaluate(text)

    assert result.exact == value
    assert not result.is_inexact
    assert evaluate(result.reading).exact == value, "and so is its reading"


@given(*[st.fractions(max_denominator=10**6)] * 3)
def test_sums_and_products_obey_the_laws_exactly(a: Fraction, b: Fraction, c: Fraction) -> None:
    names: dict[str, Named] = {"a": a, "b": b, "c": c}

    for law in (
        "(a + b) + c == a + (b + c)",
        "(a * b) * c == a * (b * c)",
        "a * (b + c) == a * b + a * c",
        "a - b == -(b - a)",
    ):
        assert evaluate(law, names=names).value is True
    if b:
        assert evaluate("a / b * b == a", names=names).value is True
        assert evaluate("(a div b) * b + a mod b == a", names=names).value is True


@given(
    st.recursive(
        st.sampled_from(["9", "1.5", "7%", "3 m", "x"]),
        lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/^"), inner),
        max_leaves=40,
    )
)
def test_nothing_but_a_result_or_a_refusal_comes_of_anything(text: str) -> None:
    try:
        result = evaluate(text, names={"x": Fraction(10**50, 7)})
    except CalculationError:
        return
    assert isinstance(result.value, Quantity)
    assert result.number is not None
    assert result.number.is_finite()


# --- Inexact numbers ---


def test_what_cannot_be_exact_says_so() -> None:
    result = evaluate("2^0.5")

    assert result.is_inexact
    assert result.exact is None
    assert result.number == Decimal("1.414213562373095048801688724209698")
    assert result.text.startswith("≈ ")


def test_what_rests_on_an_inexact_number_is_inexact() -> None:
    assert evaluate("2^0.5 - 2^0.5").is_inexact
    assert evaluate("x + 1", names={"x": Decimal("1.5")}).is_inexact
    assert not evaluate("x + 1", names={"x": Fraction(3, 2)}).is_inexact


def test_comparing_what_only_seems_to_differ_says_so() -> None:
    assert evaluate("(2^0.5)^2 == 2").notes
    assert evaluate("2^0.5 * 1 m < 2^0.5 * 100 cm").notes
    assert not evaluate("2^0.5 < 2").notes
    assert not evaluate("1 == 1").notes


# --- Names and functions ---


def test_names_are_looked_up() -> None:
    result = evaluate("rate * x + rate", names={"rate": evaluate("85 EUR/h").value or 0, "x": 2})

    assert result.text == "255.00 EUR/h"
    assert result.names == ("rate", "x")


def test_a_line_gives_a_value_a_name() -> None:
    result = evaluate("gross = 100 EUR + 19%")

    assert (result.name, result.text, result.function) == ("gross", "119.00 EUR", None)


def test_functions_are_defined_and_called() -> None:
    gross = function("gross(x) = x + tax")
    twice = function("twice(f; n) = gross(f) * n", {"gross": gross, "tax": 0})
    names: dict[str, Named] = {"gross": gross, "twice": twice, "tax": evaluate("19%").value or 0}

    result = evaluate("twice(100; 2) + gross(50)", names=names)

    assert result.text == "297.5"
    assert result.functions == ("twice", "gross")
    assert result.names == ("tax",)
    assert evaluate("gross(x) = x + 19%").value is None
    assert evaluate("gross(x) = x + 19%").text == "gross(x) = x + 19%"


def test_parameters_hide_names_and_are_gone_afterwards() -> None:
    names: dict[str, Named] = {"double": function("double(x) = 2 * x"), "x": 5}

    assert evaluate("double(1) + x", names=names).text == "7"
    assert evaluate("double(double(x + 1))", names=names).text == "24"


@pytest.mark.parametrize(
    "line, names",
    [
        ("loop(x) = loop(x - 1)", {}),
        ("loop(x) = 1 + if(x > 0; loop(x - 1); 0)", {}),
        ("loop(x) = other(x)", {"other": "other(x) = loop(x)"}),
        ("loop(x) = other(x)", {"other": "other(x) = third(x)", "third": "third(x) = 1 + loop(x)"}),
    ],
)
def test_a_function_that_would_call_itself_is_refused(line: str, names: dict[str, str]) -> None:
    # Those that are kept already were defined when what they call did not call back.
    known: dict[str, Named] = {"loop": function("loop(x) = x"), "third": function("third(x) = x")}
    for name, text in names.items():
        known[name] = function(text, known)

    error = refused(line, names=known)

    assert error.code == Code.RECURSION
    assert "loop" in error.message


def test_functions_that_have_come_to_call_each_other_are_refused() -> None:
    one = function("one(x) = other(x)", {"other": function("other(x) = x")})
    other = function("other(x) = one(x)", {"one": function("one(x) = x")})

    error = refused("1 + one(2)", names={"one": one, "other": other})

    assert error.code == Code.RECURSION
    assert "one → other → one" in error.message
    assert (error.position, error.end) == (4, 10)


def test_an_error_inside_a_function_points_at_its_call() -> None:
    error = refused("5 + inverse(0)", names={"inverse": function("inverse(x) = 1 / x")})

    assert error.code == Code.DIVISION_BY_ZERO
    assert error.message.startswith("In “inverse”: ")
    assert (error.position, error.end) == (4, 14)


def test_a_function_says_what_it_does_not_know_yet() -> None:
    result = evaluate("k(x) = x + vat + pi * sqrt(rate)", names={"rate": 5})

    assert result.notes == ("Nothing is known as “vat” yet: say what it is before you call k.",)
    assert result.names == ("vat", "pi", "rate")
    assert result.functions == ("sqrt",)
    assert not evaluate("k(x) = x + pi").notes


def test_a_function_takes_as_many_values_as_it_names() -> None:
    names: dict[str, Named] = {"area": function("area(a; b) = a * b")}

    assert refused("area(1)", names=names).code == Code.ARGUMENTS
    assert refused("area(1; 2; 3)", names=names).code == Code.ARGUMENTS
    assert refused("area + 1", names=names).code == Code.WRONG_KIND


# --- Money and days ---


def test_a_stated_rate_is_used_and_kept() -> None:
    result = evaluate("100 EUR to USD at 1.08 on 2026-11-20")

    assert result.text == "108.00 USD"
    assert result.rates == (("EUR", "USD", Fraction(27, 25), date(2026, 11, 20)),)


def test_a_rate_of_today_takes_todays_date() -> None:
    assert evaluate("1 EUR to USD at 1.08", settings=TODAY).rates[0].on == date(2026, 11, 20)
    assert refused("1 EUR to USD at 1.08").code == Code.NO_RATE


@pytest.mark.parametrize("text", ["5 km to mi at 2 on 2026-11-20", "5 EUR to EUR at 2 on 2026-11-20"])
def test_a_rate_is_for_two_currencies(text: str) -> None:
    assert refused(text).code == Code.WRONG_KIND


def test_known_rates_serve_both_ways() -> None:
    settings = Settings(rates={("EUR", "USD"): Rate(Fraction(5, 4), date(2026, 11, 1))})

    there, back = evaluate("8 EUR to USD", settings=settings), evaluate("10 USD/h to EUR/h", settings=settings)

    assert (there.text, back.text) == ("10.00 USD", "8.00 EUR/h")
    assert there.rates == back.rates == (("EUR", "USD", Fraction(5, 4), date(2026, 11, 1)),)
    assert refused("8 EUR to GBP", settings=settings).code == Code.NO_RATE


def test_a_line_states_a_rate() -> None:
    result = evaluate("1 EUR = 1.08 USD on 2026-11-20")

    assert result.rates == (("EUR", "USD", Fraction(27, 25), date(2026, 11, 20)),)
    assert result.text == "1 EUR = 1.08 USD on 2026-11-20"


@pytest.mark.parametrize("rate", ["0", "-1", "2^0.5", "1 kg"])
def test_a_rate_is_an_exact_number_above_nothing(rate: str) -> None:
    assert refused(f"1 EUR to USD at {rate} on 2026-11-20").code in (Code.OUT_OF_DOMAIN, Code.SYNTAX)


def test_money_says_what_it_was_before_it_was_rounded() -> None:
    result = evaluate("3h 45m * 85 EUR/h + 19%")

    assert result.exact == Fraction(6069, 16)
    assert (result.text, result.unit) == ("379.31 EUR", "EUR")
    assert result.notes == ("Exactly 379.3125; rounded to the cent, half to even.",)
    assert not evaluate("1.50 EUR").notes


def test_a_day_that_its_month_has_not_is_noted() -> None:
    assert len(evaluate("2026-01-31 + 1 month").notes) == 1
    assert not evaluate("2026-01-28 + 1 month").notes


def test_today_is_what_the_settings_say() -> None:
    result = evaluate("today + 2 weeks", settings=TODAY)

    assert (result.text, result.names) == ("2026-12-04", ("today",))


def test_figures_are_looked_up_and_kept() -> None:
    source = evaluate_source_key("hours(task:42)")
    settings = Settings(figures={source: evaluate("3h 45m").value or False})

    result = evaluate("hours(task:42) * 80 EUR/h", settings=settings)

    assert (result.text, result.sources) == ("300.00 EUR", (source,))


def test_a_figure_that_there_is_none_of_is_refused_at_its_place() -> None:
    missing = CalculationError(Code.SOURCE, "There is no task 42.", hint="Choose another.")

    error = refused("2 * hours(task:42)", settings=Settings(figures={evaluate_source_key("hours(task:42)"): missing}))

    assert (error.code, error.message, error.hint) == (Code.SOURCE, "There is no task 42.", "Choose another.")
    assert (error.position, error.end) == (4, 18)


def evaluate_source_key(text: str) -> str:
    from webapp.calculations.engine import find_sources

    return find_sources(text)[0].key


# --- Limits ---


def test_a_chain_may_be_as_long_as_the_line() -> None:
    assert evaluate("1" + "+1" * 999).text == "1000"
    assert evaluate("1" + "*1" * 999).text == "1"


def test_growing_fractions_stay_within_the_limit() -> None:
    names: dict[str, Named] = {"x": Fraction(1, 3)}
    for _ in range(20):
        names["x"] = evaluate("x * x + 1/7 + x / 10", names=names).value or 0

    assert evaluate("x", names=names).is_inexact


def test_a_run_has_so_many_steps() -> None:
    names: dict[str, Named] = {"f0": function("f0(x) = " + "+".join(["x"] * 50))}
    for level in range(1, 4):
        names[f"f{level}"] = function(f"f{level}(x) = " + "+".join([f"f{level - 1}(x)"] * 50), names)

    assert refused("f3(1)", names=names).code in (Code.TOO_MANY_STEPS, Code.TOO_SLOW)


def test_functions_go_only_so_deep() -> None:
    names: dict[str, Named] = {"f0": function("f0(x) = x")}
    for level in range(1, 400):
        names[f"f{level}"] = function(f"f{level}(x) = 1 + f{level - 1}(x)", names)

    assert refused("f399(1)", names=names).code == Code.TOO_DEEP
    assert evaluate("f40(1)", names=names).text == "41"


def test_a_budget_is_never_overspent() -> None:
    budget = Budget(nodes=10)
    budget.spend(10)
    with pytest.raises(CalculationError) as refusal:
        budget.spend()
    assert refusal.value.code == Code.TOO_MANY_STEPS


def test_a_budget_ends_with_its_time() -> None:
    budget = Budget(seconds=0)
    with pytest.raises(CalculationError) as refusal:
        budget.spend(NODES)
    assert refusal.value.code == Code.TOO_SLOW


# --- What was used ---


def test_what_was_used_is_kept_in_order() -> None:
    result = evaluate("2 * x - sqrt(9) + 10% of x * 3 + if(x > 1; pi; 0)", names={"x": 5})

    assert result.operations == ("multiply", "subtract", "percent_of", "add")
    assert result.names == ("x", "pi")
    assert result.functions == ("sqrt", "if")


@pytest.mark.parametrize(
    "named", [1.5, "5", None, Decimal("NaN"), Decimal("Infinity"), datetime(2026, 1, 1, tzinfo=UTC)]
)
def test_only_exact_things_are_taken_under_a_name(named: object) -> None:
    assert refused("x", names={"x": named}).code == Code.WRONG_KIND  # type: ignore[dict-item]
