"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "core.calendar": _("工作日历"),
        "core.person": _("人员"),
        "core.department": _("部门"),
        "core.division": _("行政区划"),
        "core.divisions": _("行政区划"),
        "core.calendar.loaded": _("载入节假日安排"),
        "core.department.alias_confirmed": _("确认部门别名"),
        "core.department.alias_dropped": _("取消部门别名"),
        "core.department.closed": _("停用部门"),
        "core.department.created": _("新增部门"),
        "core.department.amended": _("更正单位"),
        "core.department.succession_recorded": _("登记部门沿革"),
        "core.division.attribute_ended": _("终止区划属性"),
        "core.division.attribute_set": _("设置区划属性"),
        "core.division.succeeded": _("登记区划变更"),
        "core.divisions.imported": _("导入行政区划"),
        "core.grant.given": _("授予角色"),
        "core.grant.revoked": _("收回角色"),
        "core.person.created": _("新增人员"),
        "core.person.password_changed": _("修改密码"),
        "core.person.password_reset": _("重置密码"),
        "core.person.password_given": _("发放初始密码"),
        "core.person.switched_on": _("启用账户"),
        "core.person.switched_off": _("停用账户"),
        "core.person.unlocked": _("解除登录锁定"),
        "core.second_factor.on": _("启用第二因素"),
        "core.second_factor.off": _("停用第二因素"),
        "core.token": _("访问令牌"),
        "core.token.created": _("签发访问令牌"),
        "core.token.revoked": _("吊销访问令牌"),
    }
)
