"""Calculations people make, their exact results and their history. Never changed once made."""
