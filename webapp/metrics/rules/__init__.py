"""How the numbers are made. Pure: facts in (facts.py), findings out, no database, no clock, no words of the page."""
