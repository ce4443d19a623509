"""A font with Chinese on a machine that has none: that of the package zhplot (Noto Sans SC, SIL Open Font License 1.1)."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager

from monitor.errors import Fault, UsageError

_FILE = "fonts/NotoSansSC-Regular.ttf"


@cache
def chinese_font() -> str:
    """Make the font known to matplotlib; return its family.

    The package is found, not imported: importing it changes matplotlib's settings.

    Raises:
        UsageError: zhplot is not installed.
    """
    package = find_spec("zhplot")
    if package is None or package.origin is None:
        fault = Fault(
            "zhplot", "没有安装", why="图上的中文要用它带的字体", remedy="运行 make setup，或 pip install 'monitor[notebooks]'"
        )
        raise UsageError("画图缺中文字体。", [fault])
    path = Path(package.origin).parent / _FILE
    font_manager.fontManager.addfont(path)
    return str(font_manager.FontProperties(fname=path).get_name())
