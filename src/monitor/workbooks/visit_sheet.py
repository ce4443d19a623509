"""Visit sheets: one A4 page per household to carry along, fill in by hand and scan when back. One file per township.

The file needs nothing else: no script, no font, no picture from elsewhere, and its policy forbids the browser to load any.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

import zxingcpp

from monitor.contracts import answers
from monitor.vocabulary import COLOUR_ZH, CaseKind
from monitor.workbooks.layout import CODE
from monitor.workbooks.sheet import Page

_HEAD: Final = Template(Path(__file__).with_name("visit_sheet.html").read_text(encoding="utf-8"))
_CLASSES: Final = {zh: colour.value for colour, zh in COLOUR_ZH.items()}
# what fits on the page; the list holds the whole text
_MOST: Final = {"原因": 360, "询问要点": 240, "可能适用的政策": 100, "住址": 80, "户主": 30, "联系电话": 40, "村（居）": 30}
# as many lines to write on as an empty page could take; those without room are cut off
_LINES: Final = "<div></div>" * 16
# every reader takes any of the eight masks; trying all of them is most of the work of making a code
_QR_MASK: Final = 3
# modules of white on each side, so that a reader finds the edge
_QR_BORDER: Final = 2
_QR_DRAWN: Final = re.compile(r'width="(\d+)".* d="([^"]+)"', re.DOTALL)


def write_visit_sheets(path: Path, page: Page, households: Sequence[Mapping[str, Any]]) -> int:
    """Write the sheets of a township in the order of its list; return how many.

    Args:
        path: the HTML file.
        page: the township and the day.
        households: rows of the list, by column.
    """
    title = escape(f"{page.place}入户核查单 {page.as_of.isoformat()}")
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(_HEAD.substitute(title=title))
        for number, household in enumerate(households, 1):
            handle.write(_sheet(page, household, number, len(households)))
        handle.write("</body>\n</html>\n")
    return len(households)


def _sheet(page: Page, household: Mapping[str, Any], number: int, count: int) -> str:
    """One page."""
    say = {name: _short(name, value) for name, value in household.items()}
    choices = "".join(f"<li>{escape(label)}</li>" for label in answers().labels(CaseKind.VISIT))
    due, day = say["办理期限"] or "近期", page.as_of.isoformat()
    village, colour = say["村（居）"] or "住址不详", household["颜色"]
    return f"""<section class="sheet">
<div class="code">{_qr(household[CODE])}{say[CODE]}</div>
<div class="top"><h1>入户核查单</h1>
<p class="place">{escape(page.place)}　{village}</p>
<p class="due"><span class="tag {_CLASSES.get(colour, "audit")}">{escape(colour)}</span>
{say["状态"]}　请在 <b>{due}</b> 前走访</p></div>
<table class="who">
<tr><th>户主</th><td>{say["户主"]}</td><th>身份证号</th><td>{say["身份证号"]}</td></tr>
<tr><th>联系电话</th><td>{say["联系电话"]}</td><th>家庭人数</th><td>{say["人数"]}</td></tr>
<tr><th>住址</th><td colspan="3">{say["住址"]}</td></tr>
</table>
<h2>为什么走访</h2><p class="text">{say["原因"]}</p>
<h2>问什么</h2><p class="text">{say["询问要点"] or "家庭近况"}</p>
<h2>可能适用的政策</h2><p class="text">{say["可能适用的政策"] or "视核查情况"}</p>
<h2>核查结果（选一项打 √）</h2><ul class="choices">{choices}</ul>
<h2>情况说明</h2><div class="lines">{_LINES}</div>
<table class="hand">
<tr><th>核查日期</th><td>　　　　年　　月　　日</td><th>核查人</th><td></td></tr>
<tr><th>同行人</th><td></td><th>被访人签名</th><td></td></tr>
</table>
<div class="foot">{say["工单编号"]}　数据日期 {day}　第 {number} 张，共 {count} 张。
内含个人信息，专人保管；结果录入清单后按规定销毁。</div>
</section>
"""


def _short(name: str, value: Any) -> str:
    """A value as HTML, cut to what the page has room for."""
    text = "" if value is None else str(value)
    most = _MOST.get(name, 60)
    return escape(text if len(text) <= most else text[:most] + "……（全文见清单）")


def _qr(code: str) -> str:
    """The code as inline SVG; a quarter of it may be stained or torn.

    Of what the library draws (a whole document) only its path and its size are kept.
    """
    made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode, ec_level="Q", data_mask=_QR_MASK)
    drawn = _QR_DRAWN.search(zxingcpp.write_barcode_to_svg(made, add_quiet_zones=False))
    if drawn is None:
        raise RuntimeError("the library draws its codes in another way than it did")
    size = int(drawn[1]) + 2 * _QR_BORDER
    box = f"{-_QR_BORDER} {-_QR_BORDER} {size} {size}"
    return f'<svg viewBox="{box}"><path d="{drawn[2]}"/></svg>'
