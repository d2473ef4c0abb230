"""Pages of imports and of the sample data, a module and a blueprint each."""
