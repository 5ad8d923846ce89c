"""What the site of the documentation has beside its pages."""
