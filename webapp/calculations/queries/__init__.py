"""Questions about calculations, names and worksheets. What belongs to another workspace is not found."""
