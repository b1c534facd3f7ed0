"""Whether a paper is one of the office it says: refused where its name contradicts, asked where its name does not tell."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.enterprises.sentences import said
from soildesk.plots.lifefacts import cited
from soildesk.plots.queries.authorities import own_of
from soilrules.bases import Basis
from soilrules.plots.authorities import Fits, Named, judge


def refuse_unfit(
    named: Named, line: str, why: str, field: str, *, bases: Iterable[Basis], refused: type[Refusal], code: str
) -> None:
    """Refuse an office that plainly is not of the line and level; one of which that is not known needs a ground in a field."""
    fit = judge(named, line, own_of(named.authority, named.acting_for))
    if fit.message is None or (fit.fits is Fits.UNSURE and why.strip()):
        return
    articles = cited(bases)
    basis = _("（依据：%(articles)s）") % {"articles": "、".join(articles)} if articles else ""
    asks = _("填写在“%(field)s”。") % {"field": field} if fit.fits is Fits.UNSURE else ""
    raise refused(said(fit.message) + asks + basis, code=f"{code}_{fit.fits}")
