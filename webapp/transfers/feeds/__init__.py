"""Calendars that other programs read by themselves, at secret addresses that can be taken back."""
