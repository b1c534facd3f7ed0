"""Staff screens of the room `land`."""
