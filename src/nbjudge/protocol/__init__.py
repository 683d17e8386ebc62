"""Frames and messages between the judge and a worker; arrays without pickle."""
