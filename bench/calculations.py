#!/usr/bin/env python3
"""
What calculations cost: one expression beside other ways to work it out, the import, a worksheet, hostile input.

    .venv/bin/python -m bench.calculations

The expression of 31 tokens is worked out in turns, in one run, by the engine, by simpleeval (in binary floats, so
inexactly) and by a bare parser over Fraction that makes no tree and knows no units: only the ratios mean something on
another machine. Times are those of the processor. The import is that of a fresh interpreter, with what it takes from
the standard library.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from simpleeval import SimpleEval

from tests.calculations.engine.hostile import HOSTILE
from webapp.calculations.engine import CalculationError, evaluate, evaluate_sheet

ROOT = Path(__file__).resolve().parent.parent
EXPRESSION = "((3 + 4.5) * 12 - 7 / 2) * (1.5 + 2 * (8 - 3)) / 4 + 0.25 - 1"
TOKENS = 31
ROUNDS = 41
RUNS_A_ROUND = 200
SHEET = "\n".join(
    line
    for number in range(125)
    for line in (
        f"hours{number} = {number + 1}h 45m",
        f"rate{number} = {80 + number % 7} EUR/h",
        f"hours{number} * rate{number} + 19%",
        f"({number} + 4.5) * 12 - 7 / 3",
    )
)
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|(.))")


class BareParser:
    """What the arithmetic itself costs: numbers, four signs and brackets, worked out while they are read."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0

    def parse(self) -> Fraction:
        """Return the result of all of the text."""
        return self._sum()

    def _sum(self) -> Fraction:
        value = self._product()
        while (sign := self._sign()) in ("+", "-"):
            self._at += 1
            value = value + self._product() if sign == "+" else value - self._product()
        return value

    def _product(self) -> Fraction:
        value = self._operand()
        while (sign := self._sign()) in ("*", "/"):
            self._at += 1
            value = value * self._operand() if sign == "*" else value / self._operand()
        return value

    def _operand(self) -> Fraction:
        number, _ = self._tokens[self._at]
        self._at += 1
        if number:
            return Fraction(number)
        value = self._sum()
        self._at += 1
        return value

    def _sign(self) -> str | None:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else None


def main() -> None:
    """Print it all as tables."""
    assert len(_TOKEN.findall(EXPRESSION)) == TOKENS
    assert evaluate(EXPRESSION).exact == BareParser(EXPRESSION).parse()
    simple = SimpleEval()
    ways: dict[str, Callable[[], object]] = {
        "engine": lambda: evaluate(EXPRESSION),
        "engine, with its text and reading": lambda: (lambda result: (result.text, result.reading))(
            evaluate(EXPRESSION)
        ),
        "simpleeval (inexact)": lambda: simple.eval(EXPRESSION),
        "bare parser over Fraction": lambda: BareParser(EXPRESSION).parse(),
    }
    medians = _in_turns(ways)
    print(f"| {TOKENS} tokens | µs | times simpleeval |\n| --- | --- | --- |")
    for name, seconds in medians.items():
        print(f"| {name} | {seconds * 1e6:.0f} | {seconds / medians['simpleeval (inexact)']:.1f} |")
    milliseconds, mebibytes = _import_cost()
    sheet = statistics.median(_seconds(lambda: [line.result for line in evaluate_sheet(SHEET).lines]) for _ in range(9))
    sheet_with_texts = statistics.median(_seconds(_write_sheet) for _ in range(9))
    slowest_text, slowest = max(
        ((text, min(_seconds(lambda text=text: _refused(text)) for _ in range(3))) for text in HOSTILE),  # type: ignore[misc]
        key=lambda pair: pair[1],
    )
    print("\n| what | measured | allowed |\n| --- | --- | --- |")
    print(f"| import, ms | {milliseconds:.0f} | 60 |")
    print(f"| import, MiB | {mebibytes:.1f} | 15 |")
    print(f"| worksheet of 500 lines, ms | {sheet * 1e3:.0f} | 50 |")
    print(f"| worksheet of 500 lines with all its texts, ms | {sheet_with_texts * 1e3:.0f} | 50 |")
    print(f"| slowest of {len(HOSTILE)} hostile inputs, ms | {slowest * 1e3:.1f} | 50 |")
    print(f"\nThe slowest hostile input is `{slowest_text[:60]!r}`.")


def _in_turns(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median seconds of each way; whatever else the machine does falls on all of them."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            seconds[name].append(_seconds(way, RUNS_A_ROUND) / RUNS_A_ROUND)
    return {name: statistics.median(measured) for name, measured in seconds.items()}


def _seconds(work: Callable[[], object], runs: int = 1) -> float:
    start = time.process_time()
    for _ in range(runs):
        work()
    return time.process_time() - start


def _write_sheet() -> None:
    for line in evaluate_sheet(SHEET).lines:
        if line.result is not None:
            _ = line.result.text


def _refused(text: str) -> None:
    try:
        _ = evaluate(text).text
    except CalculationError:
        return


def _import_cost() -> tuple[float, float]:
    """Return the milliseconds and the MiB that importing the engine, compiled before, takes of a fresh interpreter."""
    program = (
        "import time, sys\n"
        "def resident():\n"
        "    lines = open('/proc/self/status').read().splitlines()\n"
        "    return next(int(line.split()[1]) for line in lines if line.startswith('VmRSS'))\n"
        "before, start = resident(), time.process_time()\n"
        "from webapp.calculations.engine import evaluate\n"
        "print(time.process_time() - start, resident() - before)\n"
    )
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        around = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
        for _ in range(10):
            answer = subprocess.run(
                [sys.executable, "-c", program], cwd=ROOT, env=around, capture_output=True, text=True, check=True
            )
            seconds, kibibytes = answer.stdout.split()
            measured.append((float(seconds) * 1e3, int(kibibytes) / 1024))
    # The first one compiles.
    measured = measured[1:]
    return statistics.median(time for time, _ in measured), statistics.median(memory for _, memory in measured)


if __name__ == "__main__":
    main()
