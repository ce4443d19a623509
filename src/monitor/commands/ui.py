"""`monitor ui`: look around in the results of a home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def ui_command(
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口 port; 0 = any that is free")] = 8765,
    reveal_key: Annotated[
        Path | None,
        typer.Option(help="密钥文件：另可看姓名、下载名单，并记入审计 the home's token key: names and lists, audited"),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser", help="打开浏览器 open the browser")] = False,
) -> None:
    """在本机浏览器里查看工单、指标、数据到达情况（只读）。Look around in a browser, on this machine only."""
    # imported here so that other commands need not wait for it
    import webbrowser

    from monitor import audit
    from monitor.run import Home
    from monitor.settings import load_settings
    from monitor.ui import RevealKey, create_app, serve, session_token

    settings = load_settings(home)
    if reveal_key:
        RevealKey(Home(settings.home), reveal_key)
    if settings.home.is_dir():
        audit.record(settings.home, audit.Action.UI_OPENED, restricted=reveal_key is not None)
    token = session_token()

    def tell(address: str) -> None:
        print(f"在本机浏览器中打开（只此一次有效，停止后作废）：\n  {address}\n按 Ctrl+C 停止。", flush=True)
        if browser:
            webbrowser.open(address)

    serve(create_app(settings, token, restricted=reveal_key is not None), token, port, tell)
