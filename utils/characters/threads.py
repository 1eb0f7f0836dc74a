"""A forum thread as one string, and back: what a character model learns to write."""

import math
import re
from collections import namedtuple

__all__ = ["END", "LINE", "Thread", "is_thread", "parse_thread", "render_thread",
           "thread_share", "thread_start"]

END = "■"       # ends a thread
LINE = "↵"      # stands for a line end within a post

Thread = namedtuple("Thread", "board title posts")

_HEAD = re.compile(r"【([^】\n]+)】([^\n]+)")
_FLOOR = re.compile(r"([0-9]+)楼 ([^\n]+)")


def render_thread(board, title, posts):
    r"""Return a thread as one string: board and title, a line per floor, the end mark.

    Args:
        board: such as "显卡吧".
        title: of the thread.
        posts: strings, the opening post first; line ends in them become `LINE`.

    Raises:
        ValueError: if one is empty or holds a sign that the form needs, or there is no post.

    Example:
        >>> render_thread("显卡吧", "求助", ["卡响了", "先断电"])
        '【显卡吧】求助\n1楼 卡响了\n2楼 先断电\n■'
    """
    if isinstance(posts, str) or not len(posts):
        raise ValueError(f"posts must be a list with at least one string, got {posts!r:.40}.")
    floors = []
    for floor, post in enumerate(posts, 1):
        line = _plain(post, f"floor {floor}", END + LINE).replace("\n", LINE)
        floors.append(f"{floor}楼 {line}\n")
    return _head(board, title) + "".join(floors) + END


def thread_start(board, title):
    r"""Return how a thread begins, up to where its opening post does: what a model continues.

    Raises:
        ValueError: as for `render_thread`.

    Example:
        >>> thread_start("显卡吧", "求助")
        '【显卡吧】求助\n1楼 '
    """
    return f"{_head(board, title)}1楼 "


def parse_thread(text):
    """Return the `Thread` (board, title, posts as a list) that `render_thread` wrote.

    Raises:
        ValueError: if the text is no thread; the message names the first thing that is missing.

    Example:
        >>> parse_thread(render_thread("显卡吧", "求助", ["卡响了"])).posts
        ['卡响了']
    """
    if not isinstance(text, str):
        raise ValueError(f"A thread is a string, got {text!r:.40}.")
    body, end, rest = text.partition(END)
    if not end:
        raise ValueError(f"The end mark {END} is missing after {text[-20:]!r}.")
    if rest:
        raise ValueError(f"After the end mark {END} nothing may follow, got {rest[:20]!r}.")
    head, *lines = body.split("\n")
    if not (match := _HEAD.fullmatch(head)):
        raise ValueError(f"The first line must be 【board】title, got {head[:30]!r}.")
    if not lines or lines.pop():
        raise ValueError(f"A line end is missing before the end mark {END}.")
    if not lines:
        raise ValueError("Floor 1 is missing: a thread has at least its opening post.")
    posts = []
    for floor, line in enumerate(lines, 1):
        number = _FLOOR.fullmatch(line)
        if not number or number[1] != str(floor):
            raise ValueError(f"Floor {floor} is missing: its line must be \"{floor}楼 \" and a "
                             f"post, got {line[:30]!r}.")
        posts.append(number[2].replace(LINE, "\n"))
    return Thread(match[1], match[2], posts)


def is_thread(text):
    """Tell whether `parse_thread` can read the text.

    Example:
        >>> is_thread("1楼 沙发")
        False
    """
    try:
        parse_thread(text)
    except ValueError:
        return False
    return True


def _head(board, title):
    board, title = _plain(board, "board", f"】{END}\n"), _plain(title, "title", f"{END}\n")
    return f"【{board}】{title}\n"


def _plain(text, what, signs):
    if not isinstance(text, str) or not text:
        raise ValueError(f"{what} must be a string with a character at least, got {text!r}.")
    found = [sign for sign in signs if sign in text]
    if found:
        raise ValueError(f"{what} holds {found[0]!r}, a sign of the form of threads: take it out "
                         f"of {text[:30]!r}.")
    return text


def thread_share(texts):
    """Return the share of texts that parse as threads; NaN without texts.

    Raises:
        ValueError: if `texts` is one string.

    Example:
        >>> thread_share(["【显卡吧】求助\\n1楼 卡响了\\n■", "1楼 沙发"])
        0.5
    """
    if isinstance(texts, str):
        raise ValueError(f"texts must be a list of strings, got the string {texts[:40]!r}: put "
                         "it into a list.")
    texts = list(texts)
    return sum(map(is_thread, texts)) / len(texts) if texts else math.nan
