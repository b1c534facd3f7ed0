"""A command that is put wrongly is told so in the language of the desk, with what is expected and where the options stand."""

from __future__ import annotations

import argparse
import os
import re
import sys
from typing import Any, NoReturn

TOLD = (
    (r"the following arguments are required: (.+)", "缺少 {0}：请补上。"),
    (r"one of the arguments (.+) is required", "{0} 要给一个。"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.*)\)", "{0} 的值 {1} 无法识别，应为：{2}。"),
    (r"argument (.+?): invalid (\w+) value: (.+)", "{0} 的值 {2} 无法识别，应为{1}。"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} 与 {1} 只能给一个。"),
    (r"argument (.+?): expected (?:one|at least one|at most one|\d+) arguments?", "{0} 后面没有写值：请补上。"),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} 后面不写值，多了 {1}。"),
    (r"unrecognized arguments: (.+)", "没有 {0} 这样的选项或参数：请检查拼写。"),
    (r"ambiguous option: (.+?) could match (.+)", "{0} 不够完整，可能是：{1}。"),
)
"""What argparse says, and the same in Chinese."""
KINDS = {"int": "整数", "float": "数字", "Decimal": "数字"}


class Parser(argparse.ArgumentParser):
    """A parser whose help and complaints are in the language of the desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not _chinese():
            super().__init__(*args, **kwargs)
            return
        super().__init__(*args, add_help=False, formatter_class=_Help, **kwargs)
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """End with exit code 2 and one sentence."""
        if not _chinese():
            super().error(message)
        sys.stderr.write(f"{sentence_of(message)}全部选项见 {self.prog} --help。\n")
        raise SystemExit(2)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


def sentence_of(message: str) -> str:
    """A complaint of argparse in Chinese; one that is not known stays as it is.

    >>> sentence_of("argument --food: invalid choice: 'maybe' (choose from 'yes', 'no')")
    "--food 的值 'maybe' 无法识别，应为：'yes', 'no'。"
    """
    for pattern, told in TOLD:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return told.format(*(KINDS.get(part, part).replace(" --", " 或 --") for part in found.groups()))
    return f"{message}。"


def _chinese() -> bool:
    return os.environ.get("SOILDESK_LANGUAGE", "zh-hans").startswith("zh")
