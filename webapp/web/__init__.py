"""HTTP furniture shared by features; knows no feature."""
