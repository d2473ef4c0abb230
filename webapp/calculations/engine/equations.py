"""
Which number makes an equation true: `what + 10% = 220`.

What stands around `what` is undone, sign by sign, from the outside inwards; then the answer is put in its place, and
only if the equation holds is it given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final

from webapp.calculations.engine import arithmetic, elementary, numerics, units
from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.evaluator import Evaluator
from webapp.calculations.engine.functions import FUNCTIONS
from webapp.calculations.engine.nodes import (
    BinaryNode,
    CallNode,
    CompareNode,
    ConvertNode,
    EquationNode,
    Expression,
    FactorialNode,
    MinusNode,
    NameNode,
    PercentNode,
)
from webapp.calculations.engine.operations import OPERATORS, Operation
from webapp.calculations.engine.results import Function
from webapp.calculations.engine.values import Number, Quantity, Value

WHAT = "what"

_ONE = Quantity(Fraction(1))
_HUNDRED = Fraction(100)


def solve(equation: EquationNode, evaluator: Evaluator) -> Value:
    """
    Return what `what` stands for.

    :raises CalculationError: when no number does, any number does, or it cannot be found by undoing
    """
    wanted = evaluator.value_of(equation.right)
    answer = _undo(equation.left, wanted, WHAT, equation, evaluator)
    with evaluator.knowing({WHAT: answer}):
        found = evaluator.value_of(equation.left)
    if not arithmetic.is_same(found, wanted):
        raise _no_number(equation)
    return answer


def walk(node: Expression) -> Iterator[Expression]:
    """Yield a node and all that stand in it, from the left."""
    waiting: list[Expression] = [node]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, (BinaryNode, CompareNode)):
            waiting += (part.right, part.left)
        elif isinstance(part, (MinusNode, PercentNode, FactorialNode)):
            waiting.append(part.operand)
        elif isinstance(part, ConvertNode):
            waiting += (part.rate, part.operand) if part.rate is not None else (part.operand,)
        elif isinstance(part, CallNode):
            waiting += reversed(part.arguments)


def _undo(node: Expression, wanted: Value, name: str, equation: EquationNode, evaluator: Evaluator) -> Value:
    """Return what `name`, which stands in `node` once, must be for `node` to be worth `wanted`."""
    while not (type(node) is NameNode and node.name == name):
        evaluator.budget.spend()
        try:
            if type(node) is BinaryNode:
                node, wanted = _undo_binary(node, wanted, name, equation, evaluator)
            elif type(node) is MinusNode:
                node, wanted = node.operand, arithmetic.negate(wanted)
            elif type(node) is PercentNode:
                node, wanted = node.operand, Quantity(_as_percentage(wanted).number)
            elif type(node) is ConvertNode and type(wanted) is Quantity and node.rate is None:
                if not isinstance(node.target, str):
                    wanted = units.convert(wanted, node.target)
                node = node.operand
            elif type(node) is CallNode:
                place = next(index for index, argument in enumerate(node.arguments) if _has(argument, name))
                wanted = _undo_call(node, place, wanted, equation, evaluator)
                node = node.arguments[place]
            else:
                raise _cannot(equation, "this")
        except CalculationError as error:
            if error.code in (Code.DIVISION_BY_ZERO, Code.OUT_OF_DOMAIN) and error.position is None:
                raise _no_number(equation) from None
            raise error.at(equation.at, equation.at + 1) from None
    return wanted


def _undo_binary(
    node: BinaryNode, wanted: Value, name: str, equation: EquationNode, evaluator: Evaluator
) -> tuple[Expression, Value]:
    operation = node.operation
    is_right = _has(node.right, name)
    other = evaluator.value_of(node.left if is_right else node.right)
    evaluator.operations[operation] = None
    undo = (_UNDO_RIGHT if is_right else _UNDO_LEFT).get(operation)
    if undo is None:
        raise _cannot(equation, f"“{OPERATORS[operation].signs[0]}”")
    if is_right and type(node.right) is PercentNode and operation in _PERCENT_CHANGES and not _is_percentage(other):
        # 200 + what% = 220
        change = arithmetic.percent_change(other, wanted)
        return node.right, change if operation is Operation.ADD else arithmetic.negate(change)
    if not is_right and operation is Operation.POWER:
        _note_other_root(wanted, other, evaluator)
    return (node.right if is_right else node.left), undo(wanted, other)


def _undo_call(node: CallNode, place: int, wanted: Value, equation: EquationNode, evaluator: Evaluator) -> Value:
    arguments = node.arguments
    if len(arguments) == 1 and node.name in _UNDO_CALL:
        evaluator.functions[node.name] = None
        return _UNDO_CALL[node.name](wanted, evaluator)
    if node.name == "root" and place == 0 and len(arguments) == 2:
        evaluator.operations[Operation.ROOT] = None
        return arithmetic.power(wanted, evaluator.value_of(arguments[1]))
    if node.name == "percent_change" and len(arguments) == 2:
        evaluator.operations[Operation.PERCENT_CHANGE] = None
        other = evaluator.value_of(arguments[1 - place])
        grown = arithmetic.percent_on(_as_percentage(wanted), other if place else _ONE)
        return grown if place else arithmetic.divide(other, grown)
    function = evaluator.names.get(node.name)
    if not isinstance(function, Function) or len(arguments) != len(function.parameters):
        raise _cannot(equation, f"“{node.name}”")
    parameter = function.parameters[place]
    if sum(type(part) is NameNode and part.name == parameter for part in walk(function.body)) != 1:
        raise _cannot(equation, f"“{node.name}”")
    others = {
        known: evaluator.value_of(argument)
        for known, argument in zip(function.parameters, arguments, strict=True)
        if known != parameter
    }
    with evaluator.knowing(others, function):
        return _undo(function.body, wanted, parameter, equation, evaluator)


def _has(node: Expression, name: str) -> bool:
    return any(type(part) is NameNode and part.name == name for part in walk(node))


# --- How each operation is undone: from what is wanted and the other side to what must stand here ---


def _less(wanted: Value, other: Value) -> Value:
    if _is_percentage(other) and not _is_percentage(wanted):
        return arithmetic.divide(wanted, arithmetic.percent_on(other, _ONE))
    return arithmetic.subtract(wanted, other)


def _less_first(wanted: Value, first: Value) -> Value:
    if _is_percentage(first) and not _is_percentage(wanted):
        return arithmetic.subtract(wanted, Quantity(_plain(first)))
    return arithmetic.subtract(wanted, first)


def _more(wanted: Value, other: Value) -> Value:
    if _is_percentage(other) and not _is_percentage(wanted):
        return arithmetic.divide(wanted, arithmetic.percent_off(other, _ONE))
    return arithmetic.add(wanted, other)


def _undo_power(wanted: Value, exponent: Value) -> Value:
    return arithmetic.power(wanted, arithmetic.divide(_ONE, exponent))


def _undo_exponent(wanted: Value, base: Value) -> Value:
    return Quantity(elementary.log(_plain(wanted), _plain(base)))


_UNDO_LEFT: Final[Mapping[Operation, Callable[[Value, Value], Value]]] = {
    Operation.ADD: _less,
    Operation.SUBTRACT: _more,
    Operation.MULTIPLY: arithmetic.divide,
    Operation.DIVIDE: arithmetic.multiply,
    Operation.POWER: _undo_power,
    Operation.PERCENT_OF: arithmetic.share,
    Operation.PERCENT_OFF: lambda wanted, whole: arithmetic.share(arithmetic.subtract(whole, wanted), whole),
    Operation.PERCENT_ON: lambda wanted, whole: arithmetic.percent_change(whole, wanted),
    Operation.SHARE: lambda wanted, whole: arithmetic.percent_of(_as_percentage(wanted), whole),
}
_UNDO_RIGHT: Final[Mapping[Operation, Callable[[Value, Value], Value]]] = {
    Operation.ADD: _less_first,
    Operation.SUBTRACT: lambda wanted, first: arithmetic.subtract(first, wanted),
    Operation.MULTIPLY: arithmetic.divide,
    Operation.DIVIDE: lambda wanted, first: arithmetic.divide(first, wanted),
    Operation.POWER: _undo_exponent,
    Operation.PERCENT_OF: arithmetic.divide,
    Operation.PERCENT_OFF: lambda wanted, share: arithmetic.divide(wanted, arithmetic.percent_off(share, _ONE)),
    Operation.PERCENT_ON: lambda wanted, share: arithmetic.divide(wanted, arithmetic.percent_on(share, _ONE)),
    Operation.SHARE: lambda wanted, part: arithmetic.divide(part, _as_percentage(wanted)),
}
_UNDO_CALL: Final[Mapping[str, Callable[[Value, Evaluator], Value]]] = {
    "sqrt": lambda wanted, evaluator: arithmetic.power(wanted, Quantity(Fraction(2))),
    "cbrt": lambda wanted, evaluator: arithmetic.power(wanted, Quantity(Fraction(3))),
    "log": lambda wanted, evaluator: arithmetic.power(Quantity(Fraction(10)), wanted),
    "log10": lambda wanted, evaluator: arithmetic.power(Quantity(Fraction(10)), wanted),
    "log2": lambda wanted, evaluator: arithmetic.power(Quantity(Fraction(2)), wanted),
    "ln": lambda wanted, evaluator: FUNCTIONS["exp"].apply([wanted], evaluator.settings),
    "exp": lambda wanted, evaluator: FUNCTIONS["ln"].apply([wanted], evaluator.settings),
}
_PERCENT_CHANGES = frozenset({Operation.ADD, Operation.SUBTRACT})


def _note_other_root(wanted: Value, exponent: Value, evaluator: Evaluator) -> None:
    if not isinstance(exponent, Quantity) or not isinstance(wanted, Quantity) or not wanted.number:
        return
    number = units.plain_number(exponent)
    if isinstance(number, Fraction) and number.numerator % 2 == 0:
        evaluator.notes["The same number with a minus sign makes it true, too."] = None


def _is_percentage(value: Value) -> bool:
    return isinstance(value, Quantity) and value.units == units.PERCENT_UNITS


def _as_percentage(value: Value) -> Quantity:
    if isinstance(value, Quantity) and value.units == units.PERCENT_UNITS:
        return value
    return Quantity(numerics.multiply(_plain(value), _HUNDRED), units.PERCENT_UNITS)


def _plain(value: Value) -> Number:
    number = units.plain_number(value) if isinstance(value, Quantity) else None
    if number is None:
        raise CalculationError(
            Code.UNIT_MISMATCH,
            f"Here a plain number is needed, and this is {arithmetic.kind_of(value)}.",
            hint="Give both sides of “=” the same kind of unit.",
        )
    return number


def _no_number(equation: EquationNode) -> CalculationError:
    return CalculationError(
        Code.NO_SOLUTION,
        "No number makes this true, or any number does.",
        position=equation.at,
        end=equation.at + 1,
        hint="Look at the sides: is there a 0, or an even power, where none may be?",
    )


def _cannot(equation: EquationNode, sign: str) -> CalculationError:
    return CalculationError(
        Code.NO_SOLUTION,
        f"“{WHAT}” cannot be found through {sign}.",
        position=equation.at,
        end=equation.at + 1,
        hint=f"Put “{WHAT}” under + - * / ^, a percentage, a root or a logarithm alone.",
    )
