"""Chinese soil, groundwater, irrigation and food standards as dated data, and judgement by them.

>>> from decimal import Decimal
>>> from soilrules.units import parse
>>> national().edition("gb15618", date(2026, 11, 22)).standard
'GB 15618-2018'
"""
