# The image's static files are compressed already, and its user may not write new ones.
COMPRESS_OFFLINE = True
