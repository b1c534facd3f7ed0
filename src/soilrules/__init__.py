"""The rules of soil-pollution plans and standards: pure Python, no framework, no database, no network, no clock."""

__version__ = "0.2.0"  # printed in every statistic and risk result: raise it when a rule or a number changes
