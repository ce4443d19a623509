"""Numbers that a policy officer could argue about: one CSV each, every value with its place, its day and its document."""

from monitor.parameters.load import Parameter, Parameters, load_parameters
from monitor.parameters.resolve import resolve_parameters

__all__ = ["Parameter", "Parameters", "load_parameters", "resolve_parameters"]
