"""Tables of the room `supervision`."""
