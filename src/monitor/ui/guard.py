"""Who may ask: someone on this machine who has the address that was printed, and only to read.

The address holds a token, new at every start. It is taken out of the address at the first visit and kept as a cookie, so that
it stands in no history of pages and no referrer. Other names for this machine are refused, or a page on the Internet could have
the browser ask for it (DNS rebinding).
"""

from __future__ import annotations

import hmac
import secrets
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from monitor.errors import Fault, UsageError, unforeseen
from monitor.privacy import TOKEN_KEY
from monitor.run import Home

COOKIE: Final = "monitor_session"
NAMES_OF_THIS_MACHINE: Final = ("127.0.0.1", "localhost")
# no script at all, nothing from elsewhere, inside no other page
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_CLOSED: Final = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>需要完整的网址</title>'
    "<h1>需要完整的网址</h1><p>请用启动 monitor ui 时终端里显示的那个网址打开；重新启动后，旧网址不再有效。</p></html>"
)
_BROKEN: Final = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>程序缺陷</title>'
    "<h1>程序缺陷，这一页打不开</h1><p>请把运行 monitor ui 的终端里显示的内容交给维护人员；其他页面照常可看。</p>"
    '<p><a href="/">回到总览</a></p></html>'
)
Next = Callable[[Request], Awaitable[Response]]


def session_token() -> str:
    """A new token for one start."""
    return secrets.token_urlsafe(32)


class Guard:
    """Let pass what has the token and only reads; put the headers on every answer; quote no error that nobody foresaw.

    Args:
        token: of this start.
    """

    def __init__(self, token: str) -> None:
        self._token = token

    async def __call__(self, request: Request, call_next: Next) -> Response:
        answer = await self._answer(request, call_next)
        answer.headers.update(HEADERS)
        return answer

    async def _answer(self, request: Request, call_next: Next) -> Response:
        if request.method != "GET":
            return HTMLResponse("只能查看，不能改动。", status_code=405)
        if request.url.hostname not in NAMES_OF_THIS_MACHINE:
            return HTMLResponse("只能在本机打开。", status_code=400)
        if self._is_token(request.query_params.get("token")):
            return self._without_token(request)
        if not self._is_token(request.cookies.get(COOKIE)):
            return HTMLResponse(_CLOSED, status_code=403)
        try:
            return await call_next(request)
        except Exception as error:  # the server would print its message
            print(f"monitor: {unforeseen(error)}", file=sys.stderr, flush=True)
            return HTMLResponse(_BROKEN, status_code=500)

    def _is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), self._token.encode())

    def _without_token(self, request: Request) -> Response:
        """The same page without the token in its address; two slashes at the start of a path would lead elsewhere."""
        answer = RedirectResponse("/" + request.url.path.lstrip("/"), status_code=303)
        answer.set_cookie(COOKIE, self._token, httponly=True, samesite="strict")
        return answer


class RevealKey:
    """That someone may see names: they hold the installation's key, which links analysts' tokens to people.

    Raises:
        UsageError: the file is not the key of the home.
    """

    def __init__(self, home: Home, given: Path) -> None:
        try:
            is_it = hmac.compare_digest(given.read_bytes().strip(), (home.keys / TOKEN_KEY).read_bytes().strip())
        except OSError:
            is_it = False
        if not is_it:
            fault = Fault(
                "--reveal-key",
                "不是这个工作目录的密钥",
                f"与 {home.keys / TOKEN_KEY} 内容相同的文件",
                "看得到姓名和证件号码的人，必须是密钥的保管人",
                "向保管人索取，或不加 --reveal-key（只看不含身份的内容）",
            )
            raise UsageError("不能打开含身份信息的页面。", [fault])
