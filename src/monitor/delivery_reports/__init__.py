"""What becomes of each delivered file, told to the department that sent it; and the same for a file that is only tried.

fitness     deliveries in force -> doubts (sources and gate meet here)
told        reason codes -> what is wrong and how to mend it, in plain Chinese
reported    what a report of one file holds
trend       the deliveries of an extract over time
render      a report -> HTML page, CSV
write       the reports of a night
check       the same for files that somebody tries, without a home
keep        what a trial told, as files
terminal    what `monitor check-file` shows
"""

from monitor.delivery_reports.check import Checked, check_files
from monitor.delivery_reports.fitness import doubts_of
from monitor.delivery_reports.keep import write_checked
from monitor.delivery_reports.without_people import refuse_a_night_without_people
from monitor.delivery_reports.write import write_reports

__all__ = ["Checked", "check_files", "doubts_of", "refuse_a_night_without_people", "write_checked", "write_reports"]
