"""Tells the people in charge how a night went: by mail and by webhook, never with personal data, never failing the night."""

from monitor.notify.channels import Channels, Mail, Webhook, read_channels
from monitor.notify.message import (
    Event,
    Message,
    departments_late,
    health_is_bad,
    job_done,
    job_failed,
    night_done,
    night_failed,
)
from monitor.notify.tell import Told, failure_told, last_told, tell, tell_done, tell_failed, told, try_all

__all__ = [
    "Channels",
    "Event",
    "Mail",
    "Message",
    "Told",
    "Webhook",
    "departments_late",
    "failure_told",
    "health_is_bad",
    "job_done",
    "job_failed",
    "last_told",
    "night_done",
    "night_failed",
    "read_channels",
    "tell",
    "tell_done",
    "tell_failed",
    "told",
    "try_all",
]
