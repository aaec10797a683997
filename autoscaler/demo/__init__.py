"""The demo's own parts: the pictures it uploads and the handler that makes thumbnails."""
