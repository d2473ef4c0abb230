"""
How much one run may do: so many steps, and so long. One run is a line, or all lines of a worksheet.

Time is the processor's, for this thread alone: a busy machine refuses nothing that an idle one answers.
"""

from __future__ import annotations

from time import thread_time

from webapp.calculations.engine.errors import CalculationError, Code
from webapp.calculations.engine.limits import NODES, SECONDS

# The clock is looked at after so many steps; most take microseconds, those of the longest numbers half a millisecond.
_STEPS_BETWEEN_LOOKS = 32


class Budget:
    """What a run may still spend."""

    __slots__ = ("_deadline", "_look_at", "nodes", "spent")

    def __init__(self, nodes: int = NODES, seconds: float = SECONDS) -> None:
        self.nodes = nodes
        self.spent = 0
        self._deadline = thread_time() + seconds
        self._look_at = min(_STEPS_BETWEEN_LOOKS, nodes)

    def spend(self, steps: int = 1) -> None:
        """
        Take so many steps.

        :raises CalculationError: when that is more than there may be, or time is up
        """
        self.spent += steps
        if self.spent > self._look_at:
            self._look()

    def _look(self) -> None:
        if self.spent > self.nodes:
            raise CalculationError(
                Code.TOO_MANY_STEPS,
                f"This takes more than {self.nodes:,} steps.",
                hint="Split it into several calculations.",
            )
        if thread_time() > self._deadline:
            raise CalculationError(
                Code.TOO_SLOW, "This takes too long to work out.", hint="Split it, or use smaller numbers."
            )
        self._look_at = min(self.spent + _STEPS_BETWEEN_LOOKS, self.nodes)
