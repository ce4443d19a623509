"""What the field's answers teach: precision of rules, their weights, missed need, progress. From answers only."""

from monitor.learned.interval import make_interval_macros
from monitor.learned.learn import learn
from monitor.learned.numbers import LearningNumbers, learning_numbers
from monitor.learned.progress import take_stock
from monitor.learned.write import write_learned

__all__ = ["LearningNumbers", "learn", "learning_numbers", "make_interval_macros", "take_stock", "write_learned"]
