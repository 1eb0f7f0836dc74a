"""A widget to write threads with: board, title and temperature; plain text where there is none."""

import html

import numpy as np

from ..decoding import Draw
from .threads import END, thread_start
from .writing import CharWriter

__all__ = ["ThreadPlayground"]


class ThreadPlayground:
    """Writes a thread for a board, a title and a temperature; `show` gives a form for it.

    Args:
        model: a `CharModel` trained on threads.
        boards: names that may be chosen.
        n_characters: of a thread after its start, at most.
    """

    def __init__(self, model, boards, n_characters=300):
        self.model, self.boards, self.n_characters = model, sorted(set(boards)), n_characters
        self._writer = CharWriter(model, compiled=False)

    def write(self, board, title, temperature=0.7, seed=0):
        """Return one thread as text; a problem comes back as a sentence, nothing is raised."""
        known = self.model.alphabet
        if board not in self.boards:
            return f"There is no board {board!r}: choose one of {', '.join(self.boards)}."
        if not any(sign in known for sign in title):
            return "The title needs at least one character that the model has seen."
        try:
            Draw(temperature).check(len(known))
            start = thread_start(board, title)
        except ValueError as error:
            return str(error)
        [written] = self._writer.write(start, np.random.default_rng(seed), self.n_characters, 1,
                                       END, Draw(temperature))
        return written.text + ("" if written.reason == "stop" else " …")

    def show(self, title="求助", temperature=0.7):
        """Return a form of ipywidgets that writes at each click.

        Where ipywidgets is missing, or the page is read without a kernel, the text of one
        thread stands in its place.
        """
        try:
            import ipywidgets as widgets
        except ImportError:
            print(self.write(self.boards[0], title, temperature))
            return None
        board = widgets.Dropdown(options=self.boards, description="board 吧")
        head = widgets.Text(value=title, description="title 标题")
        heat = widgets.FloatSlider(value=temperature, min=0.0, max=1.5, step=0.1,
                                   description="temp. 温度")
        button, out = widgets.Button(description="write 写"), widgets.HTML()
        clicks = [0]

        def renew(_=None):
            text = self.write(board.value, head.value, heat.value, seed=clicks[0])
            clicks[0] += 1
            out.value = f"<pre style='white-space: pre-wrap'>{html.escape(text)}</pre>"

        button.on_click(renew)
        renew()
        return widgets.VBox([widgets.HBox([board, head]), widgets.HBox([heat, button]), out])
