"""Where data rests: the session, column types, transactions, and what must happen after them. No Flask."""
