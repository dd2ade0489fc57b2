"""Is this payload right? Loader, engine and reporters, joined only by a plain result."""
