"""The chapters of a page, in the order in which a head of office reads them: each takes figures and gives a section."""

from __future__ import annotations

from monitor.bulletin.blocks import Section
from monitor.bulletin.figures import Figures
from monitor.bulletin.sections.answers import answers_section
from monitor.bulletin.sections.arrivals import arrivals_section, blindness_section
from monitor.bulletin.sections.cases import cases_section
from monitor.bulletin.sections.lists import lists_section
from monitor.bulletin.sections.nights import nights_section
from monitor.bulletin.sections.places import places_section
from monitor.bulletin.sections.policies import policies_section


def sections(figures: Figures) -> tuple[Section, ...]:
    """Everything that a page tells below its headline."""
    return (
        cases_section(figures),
        places_section(figures),
        nights_section(figures),
        policies_section(figures),
        lists_section(figures),
        answers_section(figures),
        arrivals_section(figures),
        blindness_section(figures),
    )


__all__ = ["sections"]
