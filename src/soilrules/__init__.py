"""The rules of soil-pollution plans and standards: pure Python, no framework, no database, no network, no clock."""
