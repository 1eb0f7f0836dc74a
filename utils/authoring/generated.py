"""The command line of a script that writes a data set's files: write, compare, or report."""

import argparse
from pathlib import Path

__all__ = ["run_generator"]


def run_generator(description, script, folder, make_files, report, arguments=None):
    """Write the files, or with --check compare them, or with --report print about them.

    Args:
        description: one line for --help.
        script: the script's name, for messages.
        folder: where the files belong.
        make_files: function that returns {file name: text}.
        report: function that prints.
        arguments: list of strings; None for those of the command line.

    Returns:
        The exit status: 1 where --check finds another content, else 0.
    """
    parser = argparse.ArgumentParser(description=description)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="compare with the files, write none")
    what.add_argument("--report", action="store_true", help="print about the files, write none")
    chosen = parser.parse_args(arguments)
    if chosen.report:
        report()
        return 0
    stale = []
    for name, text in make_files().items():
        path, data = Path(folder) / name, text.encode()
        if not chosen.check:
            path.write_bytes(data)
            print(f"wrote {name}: {len(data):,} bytes")
        elif not path.is_file() or path.read_bytes() != data:
            stale.append(name)
    if stale:
        print(f"not what {script} writes: {', '.join(stale)}; run it without --check.")
    return 1 if stale else 0
