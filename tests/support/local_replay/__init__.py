"""A trace played for real on the local AWS: real worker processes under the real controller."""
