"""What gunicorn and `flask` load."""

import sys

from config import ConfigError
from webapp import create_app

try:
    app = create_app()
except ConfigError as error:
    # Whoever set it wants the sentence, not the way to it through the code.
    sys.exit(f"DevTrackr cannot start. {error}")
