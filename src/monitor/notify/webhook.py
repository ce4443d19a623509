"""One message by HTTP POST, in the form that the receiver expects."""

from __future__ import annotations

import json
import re
import ssl
from pathlib import Path
from typing import Any

from monitor.notify.channels import Webhook
from monitor.notify.message import Message

_WORD = re.compile(r"\{(title|text|event|as_of)\}")  # in one pass: what a text says is never read as a form
_LIMIT_BYTES = 2000  # WeCom takes 2,048 bytes of text, the others more
_FORMS: dict[str, dict[str, Any]] = {
    "dingtalk": {"msgtype": "text", "text": {"content": "{text}"}},
    "wecom": {"msgtype": "text", "text": {"content": "{text}"}},
    "feishu": {"msg_type": "text", "content": {"text": "{text}"}},
    "json": {"event": "{event}", "as_of": "{as_of}", "title": "{title}", "text": "{text}"},
}


class NotTaken(Exception):
    """The receiver answered, and did not take the message; tells its code only."""


def post_webhook(webhook: Webhook, message: Message, home: Path) -> None:
    """Post a message.

    Raises:
        UsageError: the address cannot be read.
        NotTaken: the receiver refused it. DingTalk, WeCom and Feishu do so with 200 and a code in the body.
        httpx.HTTPError, httpx.InvalidURL: it was not reached; the error's words may hold the address and must not be shown.
    """
    import httpx  # here: commands that tell nobody need not wait for it

    trust = ssl.create_default_context(cafile=webhook.ca_file)
    with httpx.Client(timeout=webhook.timeout_seconds, verify=trust) as client:
        answer = client.post(webhook.url(home), json=form(webhook, message))
    if not answer.is_success:
        raise NotTaken(f"HTTP {answer.status_code}")
    code = _code(answer.content)
    if code:
        raise NotTaken(f"errcode {code}")


def form(webhook: Webhook, message: Message) -> Any:
    """What is posted."""
    words = {
        "{title}": message.title,
        "{text}": message.text(_LIMIT_BYTES),
        "{event}": message.event.value,
        "{as_of}": message.as_of.isoformat() if message.as_of else "",
    }
    return _filled(_FORMS[webhook.template] if webhook.body is None else webhook.body, words)


def _filled(part: Any, words: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {name: _filled(value, words) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, words) for value in part]
    return _WORD.sub(lambda found: words[found[0]], part) if isinstance(part, str) else part


def _code(body: bytes) -> int:
    """The code of failure in a robot's answer; 0 for success and for any other answer."""
    try:
        answer = json.loads(body)
    except ValueError:
        return 0
    found = answer.get("errcode", answer.get("code", 0)) if isinstance(answer, dict) else 0
    return found if isinstance(found, int) else 0
