"""Days and times of each language; Django finds them by settings.FORMAT_MODULE_PATH."""
