"""Ask the analyst file: open it locked for reading, run a question or a recipe, show or save the answer, export it whole."""

from monitor.query.answers import Answer, answers_to
from monitor.query.export import export_tables
from monitor.query.frames import frame
from monitor.query.opened import opened
from monitor.query.recipes import Recipe, find_recipe, recipes

__all__ = ["Answer", "Recipe", "answers_to", "export_tables", "find_recipe", "frame", "opened", "recipes"]
