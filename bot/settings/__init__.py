"""The settings: environment variables (and a `.env` file) read once into one frozen value."""

from bot.settings.fields import Settings
from bot.settings.loading import load_settings, misspelt, named_variables, standard_variables

__all__ = ["Settings", "load_settings", "misspelt", "named_variables", "standard_variables"]
