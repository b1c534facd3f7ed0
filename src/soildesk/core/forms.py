"""Forms of 系统 and of one's own account; they ask, the services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core import tokens, units
from soildesk.core.models import Department, DepartmentSuccession, Division, RoleGrant, Token
from soildesk.core.models.places import valid_on
from soildesk.core.permissions import Actor, divisions_of

Day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class LoginForm(AuthenticationForm):
    """Username and password."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续 5 次不正确，账户将锁定 15 分钟。"),
        "inactive": _("该账户已停用：请联系系统管理员。"),
    }


class CodeForm(forms.Form):
    """A code of the second factor."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )


class TokenForm(forms.Form):
    """A token for a program of one's own."""

    note = forms.CharField(label=_("用途"), max_length=120, help_text=_("例如：办公室电脑的 QGIS"))
    scope = forms.ChoiceField(label=_("权限"), choices=Token.Scope.choices)
    days = forms.IntegerField(
        label=_("有效期（天）"), min_value=1, max_value=tokens.MOST_DAYS, initial=tokens.USUAL_DAYS
    )


class PasswordForm(forms.Form):
    """One's own new password."""

    old = forms.CharField(label=_("原密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    new = forms.CharField(
        label=_("新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，含大写字母、小写字母、数字、符号中的三类；不能是最近用过的。"),
    )
    again = forms.CharField(
        label=_("再次输入新密码"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same."""
        data = super().clean() or {}
        if data.get("new") != data.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        return data


class PlaceForm(forms.Form):
    """Base of forms whose choices are the actor's divisions and departments."""

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Division.objects.filter(divisions_of(actor), valid_on(actor.today))
        if "division" in self.fields:
            self.fields["division"].queryset = here.exclude(level=Division.Level.VILLAGE)
        if "department" in self.fields:
            self.fields["department"].queryset = Department.objects.filter(
                Q(division__in=here), valid_on(actor.today)
            ).select_related("division")


class PersonForm(PlaceForm):
    """A new account."""

    username = forms.CharField(label=_("用户名"), max_length=60, help_text=_("登录用，建议用姓名拼音。"))
    name = forms.CharField(label=_("姓名"), max_length=40)
    department = forms.ModelChoiceField(label=_("所在单位"), queryset=Department.objects.none())
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)


class GrantForm(PlaceForm):
    """A role for a person."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", "---------"), *RoleGrant.Role.choices])  # none by itself
    division = forms.ModelChoiceField(label=_("区划"), queryset=Division.objects.none(), help_text=_("含其下级。"))
    department = forms.ModelChoiceField(
        label=_("限于单位"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_("责任单位人员、镇街人员必填；其他角色不填即该区划的全部单位。"),
    )
    since = forms.DateField(label=_("起"), required=False, widget=Day)
    until = forms.DateField(label=_("止"), required=False, widget=Day, help_text=_("当日起不再有效；不填为长期。"))


class DepartmentForm(PlaceForm):
    """A new department."""

    name = forms.CharField(label=_("全称"), max_length=80)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=Department.Kind.choices)
    function = forms.ChoiceField(
        label=_("条线"), required=False, choices=lambda: [("", "—"), *units.line_titles().items()]
    )
    division = forms.ModelChoiceField(label=_("区划"), queryset=Division.objects.none())
    since = forms.DateField(label=_("设立日"), required=False, widget=Day)


class DepartmentFactsForm(forms.Form):
    """What can be put right of a department."""

    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=Department.Kind.choices)
    function = forms.ChoiceField(
        label=_("条线"), required=False, choices=lambda: [("", "—"), *units.line_titles().items()]
    )


class AliasForm(forms.Form):
    """Another name documents print."""

    name = forms.CharField(label=_("别名"), max_length=80)


class SuccessionForm(forms.Form):
    """Work of an old body came here."""

    old_name = forms.CharField(label=_("原名称"), max_length=80)
    kind = forms.ChoiceField(label=_("方式"), choices=DepartmentSuccession.Kind.choices)
    on = forms.DateField(label=_("日期"), widget=Day)
    ground = forms.CharField(label=_("依据"), max_length=200, help_text=_("机构改革方案或编办文件。"))


class AttributeForm(forms.Form):
    """A dated attribute of a division."""

    name = forms.CharField(label=_("属性"), max_length=40, initial="涉农")
    since = forms.DateField(label=_("起"), required=False, widget=Day)
    ground = forms.CharField(label=_("依据"), max_length=200, required=False)


class DayForm(forms.Form):
    """The day from which something ends."""

    on = forms.DateField(label=_("日期"), widget=Day)


class CsvForm(forms.Form):
    """A file of divisions."""

    file = forms.FileField(label=_("CSV 文件"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
