"""Changes by imports: a file is kept and its reading agreed on, it is taken in, and it can be taken back."""
