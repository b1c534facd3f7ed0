"""What goes out of the room `standards`: reports, pure functions over plain rows."""
