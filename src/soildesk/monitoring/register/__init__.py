"""What kit needs to know of the registers of monitoring: one module each."""
