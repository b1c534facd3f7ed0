"""The first day of an office: its units and its people from Excel, row by row before anything is written."""
