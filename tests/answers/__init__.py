"""Right and wrong answers to every exercise, as learners write them: one module per lesson.

RIGHT = {exercise: {name: answer}} must be accepted; WRONG = {exercise: {name: (answer, mistake)}}
must be rejected, with the hint of `mistake` unless that is None.
"""


class Several(tuple):
    """The answers to a check that takes more than one."""

    def __new__(cls, *answers):
        return super().__new__(cls, answers)
