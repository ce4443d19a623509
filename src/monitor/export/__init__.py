"""What leaves a home, by role: field, review, analyst, public; nobody gets a file that another role's work needs."""

from monitor.export.archive import read_password
from monitor.export.export import Exported, export
from monitor.export.roles import Role

__all__ = ["Exported", "Role", "export", "read_password"]
