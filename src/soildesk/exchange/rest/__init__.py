"""REST over every collection: rows, one row, its history, and writing through the room's own acts."""
