"""How nbgrader runs this course. `make assignment` copies this file into the course folder;
change it there: an existing copy is never overwritten."""

from pathlib import Path

from utils.authoring import grading

c = get_config()  # noqa: F821  (nbgrader defines it)

COURSE_ID = "recurrent-networks"
SECONDS_PER_CELL = 120      # a whole lesson runs in 60 s (08-15: 120 s); loops end after 5 s

c.CourseDirectory.course_id = COURSE_ID
c.CourseDirectory.root = str(Path(__file__).resolve().parent)

# The release is what `lessons/` shows: stubs, and the outputs of worked examples.
c.GenerateAssignment.preprocessors = grading.RELEASE

# Test cells come from the gradebook, deleted ones too; a test cell earns points only if the
# check said so (nbgrader alone gives full points to a cell that says nothing).
c.Autograde.sanitize_preprocessors = grading.SANITIZE
c.Autograde.autograde_preprocessors = grading.AUTOGRADE
c.OverwriteCells.add_missing_cells = True

# What libraries print to stderr costs no points (an error still does). The pattern matches
# any text, blank lines too.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = "(?s).*"

# Points are in the test cells; part of them when some parts of an exercise are right.
c.Execute.timeout = SECONDS_PER_CELL
c.Execute.interrupt_on_timeout = True
# A file named utils.py or numpy.py inside a submission is not imported in place of the real one.
c.Execute.extra_arguments = ["--IPKernelApp.ignore_cwd=True"]

# Uncomment to hand out and collect through a folder that all learners of a server share.
# c.Exchange.root = "/srv/nbgrader/exchange"
