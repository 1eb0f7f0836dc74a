"""The course's command: `python -m utils VERB`, or `course VERB` where the course is installed."""

import importlib
import sys

__all__ = ["VERBS", "main"]

VERBS = {       # verb: (module whose main(arguments) it runs, what it does)
    "doctor": ("utils.doctor", "say what is wrong with this installation, and what to do"),
    "data": ("utils.data.command", "list, fetch, find and verify data sets"),
    "write": ("utils.characters.generate", "write forum threads with the model of lesson 13"),
}


def main(arguments=None):
    """Run the verb that comes first among the arguments; return its exit status.

    Without one, or with one that there is not, the verbs are printed.
    """
    verb, *rest = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if verb in VERBS:
        return importlib.import_module(VERBS[verb][0]).main(rest)
    asked = verb in ("-h", "--help", "help")
    out = sys.stdout if asked else sys.stderr
    if not asked:
        print(f"There is no verb {verb!r}.", file=out)
    print("usage: python -m utils VERB ...", *(f"  {name:<8}{about}" for name, (_, about) in
                                               VERBS.items()), sep="\n", file=out)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main())
