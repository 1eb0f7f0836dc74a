"""`python -I utils/environment lab`: run before `utils` is installed, and without `-m`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from utils.environment.installing import main

main(sys.argv[1:])
