"""Chinese soil, groundwater, irrigation and food standards as dated data, and judgement by them.

>>> from datetime import date
>>> from decimal import Decimal
>>> from soilrules.standards.judge import Result, judge
>>> from soilrules.standards.library import shipped
>>> from soilrules.standards.rulings import Circumstances
>>> from soilrules.units import parse
>>> around = Circumstances(date(2026, 11, 22), use="paddy", ph=Decimal("5.5"))
>>> verdict = judge(shipped(), "gb15618", Result("cadmium", Decimal("0.31"), parse("mg/kg")), around)
>>> verdict.outcome, verdict.basis
(<Outcome.EXCEEDS_SCREENING: 'exceeds_screening'>, 'GB 15618-2018 表1 序号1；GB 15618-2018 表3 序号1；GB 15618-2018 6.2')
"""
