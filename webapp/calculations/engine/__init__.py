"""
Exact decimal arithmetic. Pure: no database, no clock, no Flask.

`numbers` reads and writes numbers as people do, `answers` says how long and how exact a result may be, `operators`
holds one class per operation, and `factory` finds the one for an operation.
"""
