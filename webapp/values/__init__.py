"""Immutable values that every feature speaks. Pure: no database, no clock, no Flask."""
