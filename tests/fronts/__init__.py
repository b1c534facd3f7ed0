"""Tests through the command and the pages; a package, so that the example it loads is gone after the last of them."""
