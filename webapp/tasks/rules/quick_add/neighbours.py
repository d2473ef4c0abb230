"""The words beside a day that make it a part of the title. Pure."""

from __future__ import annotations

_BINDING = """
a about after all an and any are as before between but called each every except following for from how if in is last
like love my named new no nor not of old one or our own past per previous since some than that the their these this
those through til titled to vs was what when with without your
"""
_GOING_ON = """
afternoon and are as blues breakfast brunch but came club comes dinner edition evening has have in is lunch market
meeting morning never night nights of off or roast school show special that the through times to was will & - – —
"""
_NAMING = """
ash bad bay black bloody blue casual cyber easter fat free freaky giving good green high holy lazy manic maundy
meatless palm psychology ruby shrove stormy sunny super throwback usa whit
"""

# A day after one of these is what they speak of: Prepare for Monday, The day after Friday.
BINDING = frozenset(_BINDING.split())
# A line that goes on so does not begin with a due day: Monday morning blues, Tomorrow never dies.
GOING_ON = frozenset(_GOING_ON.split())
# With a weekday, noon or today they are a name: Black Friday, High Noon, Ash Wednesday.
NAMING = frozenset(_NAMING.split())
# A day after a word that ends so explains it: Topic: Monday.
OPENING = tuple(":-–—&/+(=|")
