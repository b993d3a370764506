# Stands in for local_settings.py while the image is built.
SECRET_KEY = "of a build"
# With a cache that is not there, compression skips what it cannot look up, and pages fail at run time.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
