"""Tables of the room `reporting`."""
