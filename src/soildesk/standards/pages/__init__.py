"""Staff pages of the room `standards`."""
