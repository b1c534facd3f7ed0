"""Pages of the room `assessment`."""
