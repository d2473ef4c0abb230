"""Running it: health, the worker, commands for operators."""
