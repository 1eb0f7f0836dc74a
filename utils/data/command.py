"""The command `python -m utils data`: list, fetch, where and verify data sets."""

import argparse
import sys

from .. import settings
from .errors import DataError
from .fetching.registry import REGISTRY, data_set
from .fetching.store import fetch_data_set, find_file, folder_of, verify_data_set

__all__ = ["main"]


def main(arguments=None):
    """Run the command line.

    Returns:
        0 if all went well, 1 if data is missing or wrong or cannot be fetched, and 2 (raised
        as SystemExit by argparse) if the command itself is not understood.
    """
    parser = argparse.ArgumentParser(
        prog="python -m utils data", description="The course's data sets.",
        epilog="COURSE_DATA chooses the folder of downloaded data; `where` shows it.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="show every data set, its terms, and whether it is here")
    fetch = commands.add_parser("fetch", help="download data sets")
    fetch.add_argument("names", nargs="+", metavar="NAME")
    where = commands.add_parser("where", help="show where files are, or would be")
    where.add_argument("names", nargs="*", metavar="NAME")
    verify = commands.add_parser("verify", help="compare files with the official hashes")
    verify.add_argument("names", nargs="*", metavar="NAME")
    chosen = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):      # a console that lacks a letter shows a "?"
        sys.stdout.reconfigure(errors="replace")
    try:
        if chosen.command == "list":
            status = _list()
        else:
            run = {"fetch": _fetch, "where": _where, "verify": _verify}[chosen.command]
            status = run(chosen.names)
        sys.stdout.flush()
        return status
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:                     # `list | head` closes its end early
        sys.stdout = None                       # or Python would complain when it flushes
        return 0
    except KeyboardInterrupt:
        print("\nstopped; run the same command again, which goes on where it stopped")
        return 130


def _list():
    for each in REGISTRY.values():
        print(f"{each.name:16} {_state(each):12} {each.what}")
        print(f"{'':16} {_total(each):12} {'; '.join(filter(None, (each.licence, each.note)))}")
    print(f"\nDownloads lie in {settings.data_folder()}")
    return 0


def _state(each):
    if each.where == "inside":
        return "inside"
    n_here = sum(find_file(each.name, file.name) is not None for file in each.files)
    if n_here == len(each.files):
        return "here"
    return f"{n_here} of {len(each.files)} here" if n_here else each.where


def _total(each):
    sizes = [file.size for file in each.files]
    if not sizes or None in sizes:
        return ""
    kilobytes = sum(sizes) / 1000
    return f"{kilobytes:,.0f} kB" if kilobytes < 1000 else f"{kilobytes / 1000:,.0f} MB"


def _fetch(names):
    failed = 0
    for each in [data_set(name) for name in names]:     # all names are known, or nothing begins
        if each.where == "inside":
            print(f"{each.name}: nothing to fetch, it is inside ({each.home})")
            continue
        print(f"{each.name}: {each.what}; terms: {each.licence}", flush=True)
        try:
            for path in fetch_data_set(each.name):
                print(f"  {path}")
        except DataError as error:
            print(error, file=sys.stderr, flush=True)
            failed += 1
    return 1 if failed else 0


def _where(names):
    if not names:
        print(settings.data_folder())
        return 0
    missing = 0
    for each in [data_set(name) for name in names]:
        if each.where == "inside":
            print(f"{each.name}: inside ({each.home})")
        for file in each.files:
            path = find_file(each.name, file.name)
            missing += path is None
            print(path or f"{folder_of(each.name) / file.name} (not there)")
    return 1 if missing else 0


def _verify(names):
    meaning = {"ok": "ok", "present": "there, but no official hash to compare with",
               "missing": "not there", "wrong": "WRONG: another hash than the official file's"}
    bad = 0
    for each in [data_set(name) for name in names] or REGISTRY.values():
        for file_name, state in verify_data_set(each.name):
            print(f"{each.name}/{file_name}: {meaning[state]}", flush=True)
            # Asked about everything, a data set that was never fetched is no fault.
            bad += state == "wrong" or (state == "missing" and bool(names))
        if each.where == "inside" and names:
            print(f"{each.name}: inside, nothing to verify")
    return 1 if bad else 0


