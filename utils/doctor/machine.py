"""Checks of the machine: memory, fonts, and the folders that lessons write to."""

import os

from .findings import Finding, how_to_set, how_to_unset

FONTS = ("Debian or Ubuntu: `sudo apt install fonts-noto-cjk`; Fedora: `sudo dnf install "
         "google-noto-sans-cjk-fonts`; Windows and macOS bring one")
NEEDED_GB = 1.5     # peak memory that a notebook may use
NEEDED_DISK_GB = 0.5    # what all lessons together keep in quick mode


def check_font():
    from .. import plots

    font = plots.cjk_font()
    if font:
        return Finding("ok", "Chinese font", f"{font}: figures are labelled in both languages")
    return Finding("note", "Chinese font", "none found: figures are labelled in English only",
                   f"install one ({FONTS})")


def check_memory(available=None):
    """Args: available: bytes of free memory, measured if None."""
    if available is None:
        import psutil

        available = psutil.virtual_memory().available
    free = available / 2**30
    if free < NEEDED_GB:
        return Finding("note", "Memory", f"{free:.1f} GB free; a lesson may need {NEEDED_GB} GB",
                       "close other programs, and other notebooks' kernels (Kernel > Shut Down)")
    return Finding("ok", "Memory", f"{free:.1f} GB free")


def check_temporary():
    """TensorFlow and Jupyter write small files to the system's temporary folder."""
    import tempfile

    try:
        folder = tempfile.gettempdir()
    except OSError:
        return Finding("fail", "Temporary folder", "none can be written",
                       how_to_set("TMPDIR", "FOLDER") + ", FOLDER being one that you may write to")
    if os.path.abspath(folder) == os.getcwd():          # Python's last resort
        return Finding("note", "Temporary folder", "none can be written, so files of that kind "
                       f"go to {folder}",
                       how_to_set("TMPDIR", "FOLDER") + ", FOLDER being one that you may write to")
    asked = os.environ.get("TMPDIR")
    if asked and os.path.abspath(asked) != os.path.abspath(folder):
        return Finding("note", "Temporary folder", f"TMPDIR is {asked}, which cannot be written; "
                       f"Python takes {folder}", how_to_unset("TMPDIR"))
    return Finding("ok", "Temporary folder", folder)


def check_data():
    from .. import settings

    folder = settings.data_folder()
    reason = settings.why_not_writable(folder)
    if reason:
        return Finding("note", "Data folder", f"{folder} cannot be written ({reason})",
                       how_to_set("COURSE_DATA", "FOLDER") + ", FOLDER being one that you may "
                       "write to; quick mode works without one")
    return Finding("ok", "Data folder", str(folder))


def check_cache():
    """Lessons 09, 11, 12 and 13 keep what they have computed."""
    import shutil

    from .. import settings

    wanted = settings.cache_path()
    another = how_to_set("XDG_CACHE_HOME", "FOLDER") + ", FOLDER being one that you may write to"
    try:
        folder = settings.writable_cache()
    except OSError as error:
        return Finding("fail", "Cache folder", str(error).rstrip("."), another)
    free = shutil.disk_usage(folder).free / 2**30
    if free < NEEDED_DISK_GB:
        return Finding("note", "Cache folder", f"{free:.1f} GB free for {folder}; lessons may "
                       f"need {NEEDED_DISK_GB} GB", "empty the waste bin, or delete files there")
    if folder != wanted:
        return Finding("note", "Cache folder", f"{wanted} cannot be written "
                       f"({settings.why_not_writable(wanted)}), so {folder} stands in for it",
                       another)
    return Finding("ok", "Cache folder", str(folder))


def check_lessons(folder=None):
    from pathlib import Path

    from .. import environment, settings

    folder = Path(folder or environment.ROOT / "lessons")
    reason = settings.why_not_writable(folder) if folder.is_dir() else "it is not there"
    if reason:
        return Finding("note", "Lessons", f"{folder} cannot be written ({reason}), so your work "
                       "cannot be saved there",
                       f'copy the course, `cp -r "{environment.ROOT}" FOLDER`, and open that')
    return Finding("ok", "Lessons", f"{folder} can be written")
