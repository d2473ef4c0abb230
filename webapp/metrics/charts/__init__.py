"""Drawings of figures as SVG text. Pure."""
