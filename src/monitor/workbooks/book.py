"""What is written into the three kinds of workbook: visits, reviews, supervision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.contracts import answers
from monitor.vocabulary import CaseKind
from monitor.workbooks.layout import ANSWER, ANSWERED_ON, CODE, HANDLED, HANDLED_ON


@dataclass(frozen=True)
class Book:
    """One kind of workbook.

    Attributes:
        title: what follows the name of the place on the cover.
        unit: what a row is, to count with.
        place: column by which the cover counts.
        colour: column of colours or levels, the gravest first in `colours`.
        due: column of deadlines; None when there are none.
        choices: column -> labels of its drop-down.
        dates: columns that take a date.
        how: how to fill it in, line by line.
        sheet: name of its only sheet; None = a sheet for each village.
    """

    title: str
    unit: str
    place: str
    colour: str
    colours: tuple[str, ...]
    due: str | None
    choices: Mapping[str, tuple[str, ...]]
    dates: tuple[str, ...]
    how: tuple[str, ...]
    sheet: str | None = None


_KEEP_SAFE: Final = "本册有居民个人信息：专人保管，不转发、不拍照上传；办结后按规定销毁。"
_FILL: Final = (
    f"只填浅黄色的格：“{ANSWER}”点开下拉选一项，“{ANSWERED_ON}”填走访当天（如 2026-11-23），"
    "再填核查人和情况说明。其余格已锁定。"
)
_SEND_BACK: Final = (
    f"填好一部分就可以交回，文件名不限：把整个文件交回县民政局（放入 answers 文件夹）。"
    f"“{CODE}”一列认户用，请勿改动、删除或涂抹。"
    "填错了，改好再交一次；改正时核查日期不能早于原来填的日期，否则仍以原来的为准。"
)
_COLOURS: Final = ("红", "橙", "黄", "抽查")

VISITS: Final = Book(
    title="入户走访清单",
    unit="户",
    place="村（居）",
    colour="颜色",
    colours=_COLOURS,
    due="办理期限",
    choices={ANSWER: answers().labels(CaseKind.VISIT)},
    dates=(ANSWERED_ON,),
    how=(
        "每村（居）一张工作表，每户一行，按先后顺序走访。红色必须在办理期限前走完；橙色、黄色依次走访；“抽查”是随机抽取、没有预警的户，请照常核查。",
        _FILL,
        "情况属实，按已经做的选：已纳入（低保、特困等）、已转介（交其他部门）、临时救助、已足额保障（待遇已经到位）。情况不属实，选数据错误或情况已变。",
        "人不在、找不到，选“查无此人或外出”，30天后再列出；本人不要救助，选“本人不愿”；一时定不下来，选“待补充核查”，仍留在清单上。",
        "抽查户有困难的，按“属实”各项选；没有困难的，选“不属实-情况已变”。",
        _SEND_BACK,
        _KEEP_SAFE,
    ),
)
REVIEWS: Final = Book(
    title="待遇复核清单",
    unit="户",
    place="村（居）",
    colour="颜色",
    colours=_COLOURS[:3],
    due="办理期限",
    choices={ANSWER: answers().labels(CaseKind.REVIEW)},
    dates=(ANSWERED_ON,),
    how=(
        "本册只供县级经办机构使用，不下发走访人员。列入本册只表示需要复核，不得据此直接停发待遇。",
        _FILL,
        "核对后待遇应当继续的，选“复核维持”；经复核程序确认应当停发的，选“复核确认停发”；材料不齐的，选“待补充核查”。",
        _SEND_BACK,
        _KEEP_SAFE,
    ),
)
SUPERVISION: Final = Book(
    title="经办督办清单",
    unit="件",
    place="乡镇（街道）",
    colour="等级",
    colours=("紧急", "高", "中", "低"),
    due=None,
    choices={HANDLED: ("已办结", "办理中", "经核对无需办理")},
    dates=(HANDLED_ON,),
    how=(
        "本册只供县级经办机构使用：每行一件超期未办或办理不到位的事项，与群众是否困难无关。",
        f"只填浅黄色的格：“{HANDLED}”点开下拉选一项，再填办理日期、办理人和情况说明。其余格已锁定。",
        "本册由县级留存督办，不需要放入 answers 文件夹；事项办结后，下一晚的清单自动不再列出。",
        _KEEP_SAFE,
    ),
    sheet="督办清单",
)
