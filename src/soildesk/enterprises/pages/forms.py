"""Forms of enterprises and lists; they ask, the services decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from soildesk.enterprises.models import Succession
from soildesk.land.pages.forms import Day

SIDES = [("follows", _("本企业承继它")), ("followed", _("它承继本企业"))]


class SuccessionForm(forms.Form):
    """Another enterprise before or after this one."""

    side = forms.ChoiceField(label=_("关系"), choices=SIDES, widget=forms.RadioSelect, initial="follows")
    other = forms.CharField(
        label=_("另一家企业"), max_length=160, help_text=_("已登记企业的编号、统一社会信用代码或全称")
    )
    kind = forms.ChoiceField(label=_("方式"), choices=Succession.Kind.choices)
    on = forms.DateField(label=_("日期"), widget=Day)
    document = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和文号"))


class WhyForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label=_("原因"), max_length=300)


class RepresentForm(forms.Form):
    """Who speaks for an enterprise."""

    person = forms.CharField(label=_("用户名"), max_length=150, help_text=_("由系统管理员建立、只有“企业”角色的账户"))
    since = forms.DateField(label=_("自哪一天起"), widget=Day)


class UntilForm(forms.Form):
    """Until when."""

    on = forms.DateField(label=_("自哪一天起终止"), widget=Day)


class EnterForm(forms.Form):
    """An enterprise put on a list by a notice."""

    notice = forms.ChoiceField(label=_("名录文件"))
    reason = forms.CharField(label=_("列入原因"), max_length=300, required=False, help_text=_("照文件填写"))
    category = forms.CharField(label=_("类别"), max_length=80, required=False, help_text=_("名录中载明的类别"))


class LeaveForm(forms.Form):
    """An enterprise taken off a list by a notice."""

    notice = forms.ChoiceField(label=_("名录文件"))
    reason = forms.CharField(label=_("移出原因"), max_length=300, help_text=_("照文件填写"))


class DocumentForm(forms.Form):
    """The document of a notice."""

    file = forms.FileField(label=_("文件"), help_text=_("公布的文件原件或扫描件"))
