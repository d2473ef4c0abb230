"""Changes: calculations are made and hidden, names are kept, worksheets are saved."""
