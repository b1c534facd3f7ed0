"""Pages of 系统 and of one's own account."""
