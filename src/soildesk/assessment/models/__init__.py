"""Tables of the room `assessment`."""
