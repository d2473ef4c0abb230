"""Whom work is done for."""
