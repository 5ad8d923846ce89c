"""Machine translation of an extract: DeepL, LibreTranslate, or Argos models in this process."""
