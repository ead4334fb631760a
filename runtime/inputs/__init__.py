"""Reads events from files, folders, archives, tables and buckets, as a stream of JSON texts."""
