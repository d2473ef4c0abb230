"""How figures are worked out. Pure: no database, no clock, no Flask."""
