"""Where does it last? The tables and their engines."""
