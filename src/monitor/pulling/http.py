"""Pull by HTTP(S) download. The token goes to the host that it was given for and to no other."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime

import httpx

from monitor.pulling.declared import HttpSource
from monitor.pulling.offered import Asked, Fetched, Offer, Offered, file_name
from monitor.pulling.secret import secret_of
from monitor.pulling.sink import Sink
from monitor.pulling.trouble import NothingNew, NotThereYet, Trouble, cut_short, network_trouble, no_answer

_REDIRECTS = 5
_BLOCK = 2**20
_VALIDATORS = {"etag": "if-none-match", "last-modified": "if-modified-since"}


class HttpShelf:
    """Files behind URLs. Without a list of what lies there, every day that may have one is asked for."""

    def __init__(self, source: HttpSource, asked: Asked) -> None:
        self._source, self._asked = source, asked

    def offers(self) -> Offered:
        days = range(self._source.days if self._source.is_dated else 1)
        return Offered(tuple(self._offer(extract, back) for extract in self._asked.extracts for back in days))

    def fetch(self, offer: Offer, sink: Sink) -> Fetched:
        with self._opened(offer, self._validators(offer)) as answer:
            size = _announced(answer)
            sink.expect(size)
            for block in answer.iter_raw(_BLOCK):
                sink.write(block)
            if size is not None and sink.size != size:
                raise cut_short()
            return Fetched(_mark(answer), _changed(answer), dated_by_asking=not self._source.is_dated)

    def check(self) -> int:
        return sum(map(self._is_there, self.offers().offers))

    def _is_there(self, offer: Offer) -> bool:
        try:
            with self._opened(offer, {}):
                return True
        except NotThereYet:
            return False

    def _offer(self, extract: str, back: int) -> Offer:
        day = self._asked.as_of - timedelta(days=back)
        url = self._source.url.replace("{extract}", extract).replace("{date}", f"{day:%Y%m%d}")
        return Offer(extract, day, file_name(extract, day, self._source.part, self._source.ending), url)

    def _validators(self, offer: Offer) -> dict[str, str]:
        """Headers that ask for the file only if it is another than the one that was pulled."""
        remembered = self._asked.remembered
        known = remembered.files.get(offer.file)
        if not self._source.is_dated:
            known = remembered.newest(offer.extract, self._asked.as_of)
        marked: dict[str, str] = json.loads(known.mark) if known and known.mark else {}
        return {_VALIDATORS[name]: value for name, value in marked.items()}

    @contextmanager
    def _opened(self, offer: Offer, validators: dict[str, str]) -> Iterator[httpx.Response]:
        """The answer that holds the file, after redirects; closed in the end."""
        token = secret_of(self._source, "token")
        headers = {"accept-encoding": "identity", **validators}
        with _told(self._source), self._client() as client:
            url = home = httpx.URL(offer.locator)
            for _ in range(_REDIRECTS + 1):
                own = {"authorization": f"Bearer {token}"} if token and _origin(url) == _origin(home) else {}
                with client.stream("GET", url, headers=headers | own) as answer:
                    if not answer.has_redirect_location:
                        self._must_be_a_file(answer)
                        yield answer
                        return
                    url = _redirected(answer, url)
            raise Trouble(f"转址超过{_REDIRECTS}次", "核对 url")

    def _client(self) -> httpx.Client:
        """A client that listens to nothing in the environment: neither proxies nor a .netrc."""
        trust: ssl.SSLContext | bool = True
        if self._source.ca_file:
            try:
                trust = ssl.create_default_context(cafile=str(self._source.ca_file))
            except (OSError, ssl.SSLError):
                raise Trouble(f"证书文件 {self._source.ca_file.name} 读不了", "核对 ca_file,应为 PEM") from None
        return httpx.Client(verify=trust, trust_env=False, follow_redirects=False, timeout=self._source.timeout_seconds)

    def _must_be_a_file(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status == httpx.codes.NOT_MODIFIED:
            raise NothingNew
        if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE) and self._source.is_dated:
            raise NotThereYet
        if status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise Trouble(f"令牌不被接受(HTTP {status})", "向对方核对或更换令牌")
        if status != httpx.codes.OK:
            passing = status >= 500 or status in (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT)
            raise Trouble(f"对方返回 HTTP {status}", "核对 url,查看对方服务", passing=passing)
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise Trouble("对方返回的是网页,不是数据文件", "多半是登录页:核对 url 和令牌")
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise Trouble("对方压缩了传输内容,大小无从核对", "请对方关闭传输压缩,或改送 .csv.gz")
        if _announced(answer) is None and "chunked" not in answer.headers.get("transfer-encoding", "").lower():
            raise Trouble("对方没有说明文件大小,无从核对是否完整", "请对方在回答里给出 Content-Length")


def _redirected(answer: httpx.Response, url: httpx.URL) -> httpx.URL:
    try:
        there = url.join(answer.headers["location"])
    except httpx.InvalidURL:
        raise Trouble("转址的网址不成样子", "请对方查看服务") from None
    if there.scheme not in ("http", "https") or (url.scheme == "https" and there.scheme == "http"):
        raise Trouble("对方要转到没有加密的网址", "请对方改用 https")
    return there


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _announced(answer: httpx.Response) -> int | None:
    text = answer.headers.get("content-length", "")
    return int(text) if text.isdecimal() else None


def _mark(answer: httpx.Response) -> str:
    """The validators of an answer as text; "" when it has none, and then the file is pulled again and compared."""
    found = {name: answer.headers[name] for name in _VALIDATORS if name in answer.headers}
    return json.dumps(found, sort_keys=True) if found else ""


def _changed(answer: httpx.Response) -> int:
    try:
        return int(parsedate_to_datetime(answer.headers["last-modified"]).timestamp()) * 10**9
    except (KeyError, ValueError, OverflowError):
        return 0


@contextmanager
def _told(source: HttpSource) -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException:
        raise no_answer(source.timeout_seconds) from None
    except httpx.TransportError as error:
        raise network_trouble(error, source.timeout_seconds) from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
        raise Trouble("对方的回答不成样子", "核对 url,查看对方服务") from None
