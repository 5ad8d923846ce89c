"""`make image-test`: the image is built and lives through what an image must: see `checks`."""
