"""Everything in and out: importing files, exporting, and leaving with all of it."""
