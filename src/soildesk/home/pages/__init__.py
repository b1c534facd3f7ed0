"""Staff pages of the room `home`."""
